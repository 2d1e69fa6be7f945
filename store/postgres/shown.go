package postgres

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	harmlessName = regexp.MustCompile(`^[\pL\d_.-]+$`)
	harmlessHost = regexp.MustCompile(`^[\w.,:\[\]-]*$`)

	// harmlessOptions are the options that are shown, each with the values that are:
	// a password may have been written in the place of any.
	harmlessOptions = map[string]*regexp.Regexp{
		"sslmode":              regexp.MustCompile(`^(disable|allow|prefer|require|verify-ca|verify-full)$`),
		"sslnegotiation":       regexp.MustCompile(`^(postgres|direct)$`),
		"channel_binding":      regexp.MustCompile(`^(disable|prefer|require)$`),
		"target_session_attrs": regexp.MustCompile(`^(any|read-write|read-only|primary|standby|prefer-standby)$`),
		"host":                 regexp.MustCompile(`^/[\w./-]*$`),
		"connect_timeout":      fewDigits,
		"pool_max_conns":       fewDigits,
		"pool_min_conns":       fewDigits,
	}
	fewDigits = regexp.MustCompile(`^\d{1,4}$`)
)

// Shown is an address as it may be read by anybody: user, host, port, the database's
// name, and of the options what is known to be harmless. In the place of all else
// stands "…". What is no address of a database is as it is.
func Shown(address string) string {
	if !Named(address) {
		return address
	}
	scheme, _, _ := strings.Cut(address, "://")
	u, err := url.Parse(address)
	if err != nil || u.Fragment != "" || !harmlessHost.MatchString(u.Host) || strings.ContainsRune(u.Path+u.RawQuery, '@') { // a password with a sign that ends it
		return scheme + "://…"
	}
	shown := scheme + "://"
	if u.User != nil {
		if _, set := u.User.Password(); set {
			shown += known(harmlessName, u.User.Username()) + ":…@"
		} else {
			shown += known(harmlessName, u.User.Username()) + "@"
		}
	}
	shown += u.Host
	if name := strings.TrimPrefix(u.Path, "/"); name != "" {
		shown += "/" + known(harmlessName, name)
	} else {
		shown += u.Path
	}
	sign, hidden := "?", false
	for option := range strings.FieldsFuncSeq(u.RawQuery, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, _ := strings.Cut(option, "=")
		value, err := url.QueryUnescape(value)
		if may := harmlessOptions[name]; may == nil || err != nil || !may.MatchString(value) {
			hidden = true
			continue
		}
		shown += sign + name + "=" + value
		sign = "&"
	}
	if hidden {
		shown += sign + "…"
	}
	return shown
}

func known(harmless *regexp.Regexp, text string) string {
	if harmless.MatchString(text) {
		return text
	}
	return "…"
}
