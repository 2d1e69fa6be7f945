package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

type healthcheckCommand struct {
	fileFlags
	URL string `arg:"" optional:"" help:"The page of the bot. Left out: where the configuration file has it listen."`
}

// Run succeeds if the page answers within five seconds.
func (c healthcheckCommand) Run(ctx context.Context, std streams) error {
	asked := "" // what may be printed; an address that was typed may hold a secret
	if c.URL == "" {
		s, err := c.read()
		if err != nil {
			return err
		}
		c.URL = localURL(s.Web.Listen) + "/healthz"
		asked = " at " + c.URL
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return usageError("write the address as http://127.0.0.1:8080")
	}
	resp, err := http.DefaultClient.Do(req)
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err // without the address, which may hold a secret
	}
	if err != nil {
		return fmt.Errorf("no answer from the bot%s: %w", asked, err)
	}
	defer resp.Body.Close()
	// A page that asks for its secret is well, too.
	if resp.StatusCode >= 500 {
		return fmt.Errorf("the bot%s answered %s", asked, resp.Status)
	}
	_, err = fmt.Fprintf(std.out, "The bot%s is well.\n", asked)
	return err
}

// localURL is where a listen address is reached from this machine.
func localURL(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "http://" + listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
