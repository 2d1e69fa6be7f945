package notify

import (
	"context"
	"net"
	"net/http"
)

// DialWith has every connection made by dial.
func (g *Group) DialWith(dial func(ctx context.Context, network, address string) (net.Conn, error)) {
	g.client.Transport = &http.Transport{DialContext: dial}
}
