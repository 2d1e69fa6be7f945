package slackfake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// retries is how often Slack delivers an event again.
const retries = 3

// A parcel is something that Slack delivers: an event until it is
// acknowledged, anything else once.
type parcel struct {
	team    *Team
	kind    string // events_api, slash_commands, interactive
	payload []byte
	attempt atomic.Int32
	acked   bool
	got     chan []byte
	handed  sync.WaitGroup // done when it was delivered or lost, the first time
}

// event delivers an event; with wait it returns an error unless it is
// acknowledged in time.
func (s *Slack) event(team *Team, inner object, wait bool) error {
	where := team.ID
	if id, ok := inner["user"].(string); ok && s.user(id) != nil {
		where, _ = s.user(id).home(team)
	}
	payload, _ := json.Marshal(object{
		"type": "event_callback", "team_id": where, "api_app_id": "A1", "event_id": fmt.Sprint("Ev", s.Next()),
		"event_time": time.Now().Unix(), "event": inner, "authorizations": []object{{"team_id": team.ID, "is_bot": true}},
	})
	p := &parcel{team: team, kind: "events_api", payload: payload, got: make(chan []byte, 1)}
	p.handed.Add(1)
	s.mu.Lock()
	s.parcels = append(s.parcels, p)
	waits := s.Redelivers
	s.mu.Unlock()
	if len(waits) > 0 {
		s.posting.Go(func() { s.redeliver(p, waits) })
	}
	if !wait {
		go func() {
			defer p.handed.Done()
			s.hand(p)
		}()
		return nil
	}
	defer p.handed.Done()
	_, err := s.send(p)
	return err
}

// redeliver delivers an event again, for as long as nobody acknowledges it.
func (s *Slack) redeliver(p *parcel, waits []time.Duration) {
	for _, wait := range waits {
		select {
		case <-time.After(s.AckWait + wait):
		case <-s.ended:
			return
		}
		s.mu.Lock()
		acked := p.acked
		s.mu.Unlock()
		if acked {
			return
		}
		p.attempt.Add(1)
		_ = s.hand(p) // or the next time
	}
}

// Event delivers any event of a team's.
func (s *Slack) Event(team string, inner map[string]any) error {
	return s.event(s.team(team), inner, true)
}

// RateLimited tells a team that events were left out.
func (s *Slack) RateLimited(team string) error {
	payload, _ := json.Marshal(object{"type": "app_rate_limited", "team_id": team, "minute_rate_limited": time.Now().Unix(), "api_app_id": "A1", "token": "x"})
	_, err := s.send(&parcel{team: s.team(team), kind: "events_api", payload: payload, got: make(chan []byte, 1)})
	return err
}

// send hands a parcel over and waits for its acknowledgement.
func (s *Slack) send(p *parcel) (answer []byte, err error) {
	if err := s.hand(p); err != nil {
		return nil, err
	}
	select {
	case answer = <-p.got:
		return answer, nil
	case <-time.After(s.AckWait):
		return nil, fmt.Errorf("not acknowledged within %v", s.AckWait)
	}
}

// hand hands a parcel over, over HTTP or a socket.
func (s *Slack) hand(p *parcel) error {
	if p.team.URL == "" {
		return s.push(p)
	}
	body, contentType := p.payload, "application/json"
	if p.kind != "events_api" {
		form := url.Values{"payload": {string(p.payload)}}
		if p.kind == "slash_commands" {
			form = make(url.Values)
			var fields map[string]string
			json.Unmarshal(p.payload, &fields)
			for k, v := range fields {
				form.Set(k, v)
			}
		}
		body, contentType = []byte(form.Encode()), "application/x-www-form-urlencoded"
	}
	req, err := http.NewRequest(http.MethodPost, p.team.URL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", contentType)
	Sign(req, p.team.Secret, body, time.Now())
	if p.attempt.Load() > 0 {
		req.Header.Set("X-Slack-Retry-Num", fmt.Sprint(p.attempt.Load()))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %d: %s", resp.StatusCode, answer)
	}
	s.done(p, answer)
	return nil
}

// Sign signs a request as Slack does.
func Sign(r *http.Request, secret string, body []byte, at time.Time) {
	stamp := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

func (s *Slack) done(p *parcel, answer []byte) {
	s.mu.Lock()
	p.acked = true
	s.mu.Unlock()
	select {
	case p.got <- answer:
	default:
	}
}

// Again delivers every event so far once more, in any order: what Slack does
// after it did not hear an acknowledgement. It waits for the acknowledgements.
func (s *Slack) Again() error {
	s.mu.Lock()
	all := append([]*parcel(nil), s.parcels...)
	s.mu.Unlock()
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, p := range all {
		again := &parcel{team: p.team, kind: p.kind, payload: p.payload, got: make(chan []byte, 1)}
		again.attempt.Store(1)
		if _, err := s.send(again); err != nil {
			return err
		}
	}
	return nil
}

// Unacked returns how many events were never acknowledged.
func (s *Slack) Unacked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, p := range s.parcels {
		if !p.acked {
			n++
		}
	}
	return n
}

// Retry delivers what was never acknowledged, and is on its way no more.
func (s *Slack) Retry() error {
	s.mu.Lock()
	all := append([]*parcel(nil), s.parcels...)
	s.mu.Unlock()
	for _, p := range all {
		p.handed.Wait()
	}
	s.mu.Lock()
	var open []*parcel
	for _, p := range all {
		if !p.acked {
			p.attempt.Add(1)
			open = append(open, p)
		}
	}
	s.mu.Unlock()
	var failed []string
	for _, p := range open {
		if _, err := s.send(p); err != nil {
			failed = append(failed, err.Error())
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("deliver again: %s", strings.Join(failed, "; "))
	}
	return nil
}
