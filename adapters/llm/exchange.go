package llm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
)

// maxBody caps what is read of a response. Thinking makes bodies larger than
// the answers in them, and streams say much beside every word.
const maxBody = 16 << 20

// An exchange is one request and what came back. It stands between go-openai
// and the network: go-openai knows the fields of the request by the model's
// name, here they come from the settings; and it keeps the response, which
// go-openai is not shown: see [reply].
type exchange struct {
	base    http.RoundTripper
	fields  map[string]any // put into the request's body
	headers map[string]string

	sent     bool
	status   int // 0: no response
	header   http.Header
	body     []byte
	tooLarge bool
	cut      bool // the body broke off
}

// RoundTrip sends r once.
func (x *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	defer r.Body.Close()
	var body map[string]any
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		return nil, fmt.Errorf("read the request: %w", err)
	}
	maps.Copy(body, x.fields)
	b, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write the request: %w", err)
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength, r.GetBody = io.NopCloser(bytes.NewReader(b)), int64(len(b)), nil
	for name, value := range x.headers {
		r.Header.Set(name, value)
	}

	x.sent = true
	resp, err := x.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	x.status, x.header = resp.StatusCode, resp.Header
	x.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	x.cut = err != nil
	if len(x.body) > maxBody {
		x.body, x.tooLarge = x.body[:maxBody], true
	}
	resp.Body = io.NopCloser(strings.NewReader("{}"))
	return resp, nil
}
