package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
	words "github.com/tastetest/tastetest/bot/say"
)

// An interaction is what somebody typed, clicked or filled in.
// https://docs.discord.com/developers/interactions/receiving-and-responding
type interaction struct {
	ID      string          `json:"id"`
	Type    interactionType `json:"type"`
	App     string          `json:"application_id"`
	Token   string          `json:"token"`
	Guild   string          `json:"guild_id"`
	Channel string          `json:"channel_id"`
	Locale  string          `json:"locale"` // of the person's client
	Where   where           `json:"channel"`
	May     *permission     `json:"app_permissions"` // of the bot, there
	Member  struct {
		User struct {
			ID string `json:"id"`
		} `json:"user"`
	} `json:"member"`
	User struct { // instead of Member, in a direct message
		ID string `json:"id"`
	} `json:"user"`
	Message struct {
		Flags      int         `json:"flags"`
		Components []component `json:"components"`
	} `json:"message"`
	Data struct {
		Name       string      `json:"name"`
		Options    []typed     `json:"options"`
		ID         string      `json:"custom_id"`
		Type       int         `json:"component_type"`
		Values     []string    `json:"values"`
		Components []submitted `json:"components"`
		Resolved   struct {
			Attachments map[string]upload `json:"attachments"`
		} `json:"resolved"`
	} `json:"data"`
}

// A where is the channel of an interaction. Discord tells it also of channels
// that the bot cannot see.
type where struct {
	ID     string                `json:"id"`
	Type   discordgo.ChannelType `json:"type"`
	Parent string                `json:"parent_id"`
}

type interactionType int

const (
	typedCommand interactionType = 2
	pressed      interactionType = 3
	typing       interactionType = 4
	filledIn     interactionType = 5
)

// A typed option of a command, or a subcommand with options of its own.
type typed struct {
	Name    string          `json:"name"`
	Type    optionType      `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []typed         `json:"options"`
}

// text is the value as somebody typed it.
func (t typed) text() string {
	var s string
	if json.Unmarshal(t.Value, &s) == nil {
		return s
	}
	return string(t.Value)
}

type upload struct {
	Filename string `json:"filename"`
	URL      string `json:"url"`
	Size     int    `json:"size"`
}

// interaction answers on a goroutine of its own.
func (r *running) interaction(i interaction) {
	i.ofServer()
	if i.Guild == "" || i.Member.User.ID == "" {
		return // the commands are for servers only
	}
	select {
	case r.interactions <- struct{}{}:
	default:
		r.chat.log.Warn("too many interactions at once; one is dropped")
		return
	}
	if !r.once.first(i.ID, time.Now()) {
		<-r.interactions
		return
	}
	x := &exchange{running: r, in: i, began: time.Now()}
	r.spawn("answer an interaction", func() {
		defer func() { <-r.interactions }()
		x.answer()
	})
}

// dm begins the IDs of buttons in direct messages, before the server's ID, since Discord
// does not say there which server is meant: "dm/8005/7/remind/never".
const dm = "dm/"

// fromServer says in the IDs of a direct message's buttons which server they are of. A
// menu would not say it; what asks a question first is not offered there.
func fromServer(guild string, rows []component) {
	for _, row := range rows {
		for i, b := range row.Components {
			if b.Type == button && b.ID != "" {
				row.Components[i].ID = dm + guild + "/" + b.ID
			}
		}
	}
}

// ofServer makes a press in a direct message one of the server that its button names.
func (i *interaction) ofServer() {
	said, ok := strings.CutPrefix(i.Data.ID, dm)
	guild, id, whole := strings.Cut(said, "/")
	if i.Guild == "" && i.Type == pressed && ok && whole && snowflake(guild) {
		i.Guild, i.Data.ID, i.Member.User.ID = guild, id, i.User.ID
	}
}

// An exchange is an interaction and what is answered to it.
type exchange struct {
	*running
	in    interaction
	began time.Time
}

func (x *exchange) answer() {
	if w := x.in.Where; w.ID == x.in.Channel && w.ID != "" {
		x.chat.places.put(w.ID, w.Parent, w.Type)
	}
	at, err := x.chat.place(x.ctx, x.in.Guild, x.in.Channel)
	if err != nil {
		x.chat.log.Warn("answer an interaction", "err", err)
		return
	}
	user := x.in.Member.User.ID
	switch x.in.Type {
	case typing:
		x.respond(complete, x.suggest(at))
	case typedCommand:
		x.command(at, user)
	case filledIn:
		x.submit(at, user)
	case pressed:
		x.press(at, user)
	}
}

func (x *exchange) command(at bot.Place, user string) {
	x.within(func() (bot.Reply, showing) {
		c := bot.Command{At: at, User: user, Text: commandText(x.in.Data.Options)}
		if err := x.mayPost(x.subcommand()); err != nil {
			return x.failed("look at what the bot may do", err), nil
		}
		file, err := x.attached()
		if err != nil {
			return x.failed("fetch a file", err), nil
		}
		c.Attached = file
		return x.h.Command(x.ctx, c), nil
	})
}

func (x *exchange) submit(at bot.Place, user string) {
	x.within(func() (bot.Reply, showing) {
		s := bot.Submission{At: at, User: user, Form: x.in.Data.ID, Values: make(map[string]string)}
		if err := x.fields(&s); err != nil {
			return x.failed("fetch a file", err), nil
		}
		return x.h.Submit(x.ctx, s), nil
	})
}

// subcommand is what a command does; "" if Discord does not say.
func (x *exchange) subcommand() string {
	if len(x.in.Data.Options) != 1 {
		return ""
	}
	return x.in.Data.Options[0].Name
}

// mayPost refuses to start what could not be posted, before it costs anything:
// whether that was typed, or tapped where it was meant.
func (x *exchange) mayPost(name string) error {
	if c, ok := command.Called(name); !ok || c.Who != command.Starters || x.in.May == nil {
		return nil
	}
	if missing := lacks(*x.in.May, x.in.Where.Type); len(missing) > 0 {
		return bot.UserError(bot.Say("I could not post here: I lack {missing}. In Discord: Edit Channel, “Permissions”, my role, and allow them; or start it in another channel.", bot.Verbatim(strings.Join(missing, ", "))))
	}
	return nil
}

func (x *exchange) press(at bot.Place, user string) {
	id := x.in.Data.ID
	if id == menuID {
		if len(x.in.Data.Values) != 1 {
			x.respond(updateLater, nil) // a choice was taken back
			return
		}
		id = x.in.Data.Values[0]
		if o, ok := chosen(x.in.Message.Components, id); ok && o.Description != "" {
			x.respond(say, private(x.chat.render(question(o), "").Main))
			return
		}
	}
	id, part, n, isView := splitView(id)
	x.within(func() (bot.Reply, showing) {
		if typed, ok := strings.CutPrefix(id, bot.TypedButton); ok {
			name, _, _ := strings.Cut(typed, " ")
			if err := x.mayPost(strings.ToLower(name)); err != nil {
				return x.failed("look at what the bot may do", err), nil
			}
		}
		reply := x.h.Press(x.ctx, bot.Press{At: at, User: user, Button: id, Made: x.in.made()})
		if a, ok := reply.Post.(bot.Announcement); ok && isView {
			return reply, func() message {
				a := bot.Speak(a, x.voice(a)).(bot.Announcement)
				return x.chat.opt.tongue(a).show(part, a, n)
			}
		}
		return reply, nil
	})
}

// chosen finds an option of a menu.
func chosen(rows []component, value string) (option, bool) {
	for _, row := range rows {
		for _, c := range row.Components {
			if i := slices.IndexFunc(c.Options, func(o option) bool { return o.Value == value }); i >= 0 {
				return c.Options[i], true
			}
		}
	}
	return option{}, false
}

// mostUpload is how many bytes of a file are taken.
const mostUpload = 4 << 20

// attached fetches the file that came with a command.
func (x *exchange) attached() (*bot.File, error) {
	for _, sub := range x.in.Data.Options {
		for _, o := range sub.Options {
			if o.Type != attachmentOption {
				continue
			}
			f, err := x.fetch(o.text())
			return &f, err
		}
	}
	return nil, nil
}

// fetch downloads an attachment of the interaction.
func (x *exchange) fetch(id string) (bot.File, error) {
	a, ok := x.in.Data.Resolved.Attachments[id]
	if !ok {
		return bot.File{}, fmt.Errorf("attachment %s is not with the interaction", id)
	}
	if a.Size > mostUpload {
		return bot.File{}, bot.UserError(bot.Say("That file has {size} MB; at most {mostupload} MB are taken. Split it.", bot.Count(a.Size>>20), bot.Count(mostUpload>>20)))
	}
	ctx, cancel := context.WithTimeout(x.ctx, oneTry)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.URL, nil)
	if err != nil {
		return bot.File{}, fmt.Errorf("fetch an attachment: %w", err)
	}
	resp, err := x.chat.http.next.RoundTrip(req) // not of the API: no token
	if err != nil {
		return bot.File{}, fmt.Errorf("fetch an attachment: %w", meaning(err))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return bot.File{}, fmt.Errorf("fetch an attachment: %s", resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, mostUpload+1))
	switch {
	case err != nil:
		return bot.File{}, fmt.Errorf("fetch an attachment: %w", err)
	case len(data) > mostUpload:
		return bot.File{}, bot.UserError(bot.Say("That file is too long; at most {mostupload} MB are taken. Split it.", bot.Count(mostUpload>>20)))
	}
	return bot.File{Name: a.Filename, Data: data}, nil
}

// suggest completes the option that is being typed.
func (x *exchange) suggest(at bot.Place) choices {
	before, word, key := beingTyped(x.in.Data.Options)
	list := choices{Choices: []choice{}}
	w := words.Words{Voice: x.voice(bot.Notice{})}
	for _, s := range x.h.Suggest(x.ctx, bot.Command{At: at, User: x.in.Member.User.ID, Text: before + word}) {
		text, ok := strings.CutPrefix(strings.TrimSpace(s.Text), before)
		if !ok || key == "" && strings.Contains(text, "=") {
			continue // an option: Discord has a field of its own for it
		}
		value := unquote(strings.TrimPrefix(text, key))
		if value == "" || len(list.Choices) == mostSuggested {
			continue
		}
		name := value
		if !s.Help.IsZero() {
			name += " · " + w.Text(s.Help)
		}
		list.Choices = append(list.Choices, choice{Name: shorten(name, mostOption), Value: shorten(value, mostOption)})
	}
	return list
}

const mostSuggested = 25

// made is when somebody did it: Discord's IDs tell the time. Zero: this one does not.
func (i interaction) made() time.Time {
	if !snowflake(i.ID) {
		return time.Time{}
	}
	return created(i.ID)
}

// private makes a message that only the asker sees.
func private(m message) message {
	m.Flags |= ephemeral
	return m
}

// bucket spreads interactions over some buckets: one for each would grow
// without end, and one for all would make people wait for each other.
func (i interaction) bucket() string {
	n, _ := strconv.ParseUint(i.ID, 10, 64)
	return fmt.Sprintf("interactions/%d", n>>22%64)
}
