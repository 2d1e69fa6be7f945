package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// trusts reports whether an address is that of a proxy of ours.
func (c *Chat) trusts(host string) bool {
	ip, err := netip.ParseAddr(host)
	for _, p := range c.opt.Proxies {
		if err == nil && p.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// address is where a request comes from: the other end of the connection or,
// if that is a proxy of ours, the last in X-Forwarded-For that is none. Anybody
// else may have written what they like there.
func (c *Chat) address(r *http.Request) string {
	host := remote(r)
	all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(all) - 1; i >= 0 && c.trusts(host); i-- {
		before := strings.TrimSpace(all[i])
		if _, err := netip.ParseAddr(before); err != nil {
			break
		}
		host = before
	}
	return host
}

// encrypted reports whether the browser's connection is, as this server or a
// proxy of ours sees it.
func (c *Chat) encrypted(r *http.Request) bool {
	return r.TLS != nil || c.trusts(remote(r)) && r.Header.Get("X-Forwarded-Proto") == "https"
}

// remote is the other end of a request's connection.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
