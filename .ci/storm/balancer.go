package main

import (
	"context"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

// A balancer is what stands in front of replicas: it sends each request to any of those
// that said lately that they are ready. What it cannot send it answers with 503.
type balancer struct {
	replicas []*replica
	http.Transport
}

func newBalancer(all []*replica) *balancer {
	b := &balancer{replicas: all}
	b.ResponseHeaderTimeout, b.MaxIdleConnsPerHost = 4*time.Second, 100
	return b
}

// serve is an address whose requests go to the address that of gives for a replica.
func (b *balancer) serve(of func(*replica) string) *httptest.Server {
	return httptest.NewServer(&httputil.ReverseProxy{
		Transport: &b.Transport,
		ErrorLog:  log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			to := &url.URL{Scheme: "http", Host: "127.0.0.1:1"} // refused
			var ready []*replica
			for _, x := range b.replicas {
				if x.ready.Load() {
					ready = append(ready, x)
				}
			}
			if len(ready) > 0 {
				to.Host = of(ready[rand.IntN(len(ready))])
			}
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusServiceUnavailable) },
	})
}

// look asks again and again who is ready.
func (b *balancer) look(ctx context.Context) {
	client := &http.Client{Timeout: time.Second}
	var all sync.WaitGroup
	for _, r := range b.replicas {
		all.Go(func() {
			for wait(ctx, 300*time.Millisecond) {
				resp, err := client.Get("http://" + r.page + "/readyz")
				if err == nil {
					resp.Body.Close()
				}
				r.ready.Store(err == nil && resp.StatusCode == http.StatusOK)
			}
		})
	}
	all.Wait()
}
