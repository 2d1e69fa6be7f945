package slack

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	api "github.com/slack-go/slack"
)

// messageID is the client_msg_id of a post: the same for every attempt at it,
// and no other post's. Slack's page of chat.postMessage speaks of duplicates that
// it finds by it, and says no more. So it is a second belt: what landed is looked
// for by the key in a post's metadata, whether Slack knows this or not.
func messageID(team, channel, key string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("tastetest/slack/"+team+"/"+channel+"/"+key)).String()
}

// withID sends an ID with a message.
func (t *team) withID(id string) api.MsgOption {
	return api.UnsafeMsgOptionEndpoint(t.posting, func(v url.Values) { v.Set("client_msg_id", id) })
}

// refusesID reports whether err is about the ID of a message: such a message may
// be sent without. unknown: Slack takes none at all.
func refusesID(err error) (refuses, unknown bool) {
	e, ok := errors.AsType[api.SlackErrorResponse](err)
	if !ok {
		return false, false
	}
	unknown = strings.Contains(e.Err+strings.Join(e.ResponseMetadata.Messages, " "), "client_msg_id")
	return unknown || strings.HasPrefix(e.Err, "duplicate_"), unknown
}

// another reports whether a message that Slack takes for a post is one from
// before the first attempt at it, at since, or now if this is the first. Keys come
// again where a store was thrown away.
func (t *team) another(ts string, since time.Time) bool {
	if since.IsZero() {
		since = time.Now()
	}
	stands := timeOf(ts)
	return !stands.IsZero() && stands.Before(t.clock.theirs(since).Add(-clocksDiffer))
}
