package discord

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bwmarrin/discordgo"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/command"
)

// A written is a message that somebody wrote. It has a content where it mentions
// the bot, and in direct messages.
type written struct {
	ID      string                `json:"id"`
	Type    discordgo.MessageType `json:"type"`
	Guild   string                `json:"guild_id"` // empty: a direct message
	Channel string                `json:"channel_id"`
	Content string                `json:"content"`
	Webhook string                `json:"webhook_id"`
	Author  struct {
		ID  string `json:"id"`
		Bot bool   `json:"bot"`
	} `json:"author"`
}

// talked answers plain words to the bot with what may be meant. Discord says
// mentions also of an answer to a message of the bot's, which is a word to the
// others: only one that names the bot is for it. What was said goes to the core,
// for this answer, and nowhere else.
func (r *running) talked(m written) {
	r.chat.mu.Lock()
	self := r.chat.self
	r.chat.mu.Unlock()
	if m.Author.Bot || m.Author.ID == "" || m.Author.ID == self || m.Webhook != "" ||
		m.Type != discordgo.MessageTypeDefault && m.Type != discordgo.MessageTypeReply {
		return
	}
	said := m.Content
	for _, name := range []string{"<@" + self + ">", "<@!" + self + ">"} {
		said = strings.ReplaceAll(said, name, " ")
	}
	if m.Guild != "" && said == m.Content || m.Guild == "" && strings.TrimSpace(m.Content) == "" {
		return // not for us; or a picture, or a sticker
	}
	if only := r.chat.opt.Guilds; m.Guild != "" && len(only) > 0 && !slices.Contains(only, m.Guild) {
		return // there are no commands
	}
	select {
	case r.interactions <- struct{}{}:
	default:
		r.chat.log.Warn("too many interactions at once; plain words are not answered")
		return
	}
	if !r.once.first(m.ID, time.Now()) {
		<-r.interactions
		return
	}
	r.spawn("answer plain words", func() {
		defer func() { <-r.interactions }()
		if err := r.reply(m, strings.TrimSpace(said)); err != nil && r.ctx.Err() == nil {
			r.chat.log.Warn("answer plain words", "guild", m.Guild, "err", err)
		}
	})
}

// reply answers below the message. Anybody may tap what is offered there, with
// their own rights.
func (r *running) reply(m written, said string) error {
	at := bot.Place{Workspace: r.workspace(""), Channel: m.Channel}
	post := r.elsewhere(said)
	if m.Guild != "" {
		var err error
		if at, err = r.chat.place(r.ctx, m.Guild, m.Channel); err != nil {
			return err
		}
		post = r.h.Command(r.ctx, bot.Command{At: at, User: m.Author.ID, Text: said, Talk: true}).Post
	}
	if post == nil {
		return nil
	}
	l := r.chat.render(post, "")
	l.Main.Reference = &reference{Message: m.ID}
	_, err := r.chat.send(r.ctx, at, "talk/"+m.ID, l.Main)
	return err
}

// elsewhere names what may be meant by a direct message. There is nothing to tap:
// Discord does not say of which server it speaks. Nor does it say in what language
// the person reads; they are answered in the one in which they wrote.
func (r *running) elsewhere(said string) bot.Post {
	v := r.h.Voice(r.ctx, bot.Place{Workspace: r.workspace("")})
	if strings.ContainsFunc(said, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
		v.Lang = bot.Zh
	}
	var meant bot.Series
	for _, c := range command.Guess(said) {
		meant = append(meant, command.Usage(c))
	}
	return bot.Notice{Voice: v, Text: bot.Say("I cannot do anything here, only in a channel of a server, where several people can vote. Did you mean one of these? They are typed there: {commands}", meant)}
}
