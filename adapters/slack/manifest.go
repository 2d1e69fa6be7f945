package slack

import (
	"slices"
	"strings"

	"github.com/tastetest/tastetest/bot/command"
)

// A Scope is a right that the app asks for.
type Scope struct {
	Name     string
	Why      string
	Optional string // what is missing without it; empty: the app needs it
}

// Scopes returns what the app asks for, and why: for whoever must approve it.
func Scopes() []Scope {
	return []Scope{
		{"chat:write", "posts ballots and results in channels that it was invited to, and direct messages to whoever started a tasting, asked to be reminded of one, or whose answer took too long for the channel", ""},
		{"commands", "adds /tastetest", ""},
		{"reactions:read", "hears and reads the emoji on messages in its channels; it keeps only those on its own ballots", ""},
		{"reactions:write", "puts the four emoji under a ballot for people to tap", ""},
		{"users:read", "asks whether somebody is an admin, a guest or a bot, when they type a command, tap a button, have voted or are invited; finds people by the name that somebody typed; takes a channel’s time zone from whoever starts there first", ""},
		{"channels:read", "asks whether it is in a public channel and whether that is shared; hears that it was added, removed or archived", ""},
		{"groups:read", "the same for private channels that it was invited to", ""},
		{"im:write", "opens those direct messages", ""},
		{"files:read", "reads the file that somebody uploads in the form of /tastetest start", "prompts and answers can only be pasted"},
		{"files:write", "uploads the pictures that stand in an announcement and below a weekly summary", "results and weekly summaries are posted without a picture"},
		{groupScope, "sees who is in a user group that somebody invites to a tasting", "the people of a group must be invited one by one"},
		{"channels:history", "looks for its own last post, by a key in the message's metadata, when Slack's answer to it was lost", "a ballot may stand twice after a broken connection"},
		{"groups:history", "the same in private channels", "a ballot may stand twice there after a broken connection"},
		{mentionScope, "hears a message that mentions it, to answer with the commands that may be meant; what was written is not kept", "who mentions it gets no answer"},
		{directScope, "hears what is written to it in a direct message, for the same; what was written is not kept", "who writes to it directly gets no answer"},
	}
}

const (
	mentionScope = "app_mentions:read"
	directScope  = "im:history"
)

// A Manifest is what Slack's form for a new app takes, as YAML or JSON.
type Manifest struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
		Long        string `yaml:"long_description"`
		Color       string `yaml:"background_color"`
	} `yaml:"display_information"`
	Features struct {
		Home struct {
			Home     bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
			ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		User struct {
			Name   string `yaml:"display_name"`
			Always bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Commands []ManifestCommand `yaml:"slash_commands"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			URL string   `yaml:"request_url,omitempty"`
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			Enabled bool   `yaml:"is_enabled"`
			URL     string `yaml:"request_url,omitempty"`
			Options string `yaml:"message_menu_options_url,omitempty"`
		} `yaml:"interactivity"`
		Org    bool `yaml:"org_deploy_enabled"`
		Socket bool `yaml:"socket_mode_enabled"`
		Rotate bool `yaml:"token_rotation_enabled"`
	} `yaml:"settings"`
}

// A ManifestCommand is a slash command of a [Manifest].
type ManifestCommand struct {
	Command     string `yaml:"command"`
	URL         string `yaml:"url,omitempty"`
	Description string `yaml:"description"`
	Hint        string `yaml:"usage_hint"`
	Escape      bool   `yaml:"should_escape"`
}

// NewManifest describes the app: over Socket Mode, or with the address at
// which Slack reaches it. all asks for the optional scopes too.
func NewManifest(url string, all bool) Manifest {
	var m Manifest
	m.Metadata.Major, m.Metadata.Minor = 2, 1
	m.Display.Name = "Tastetest"
	m.Display.Description = "Blind taste tests of LLM answers: which of two models does your team prefer?"
	m.Display.Long = "Tastetest posts two models’ answers to the same prompt without their names. People vote with an emoji, or on a page of their own. " +
		"When the time is up it says which was which, with percentages, and what those votes do and do not show.\n\n" +
		"Begin with /tastetest start in a channel that the bot was invited to."
	m.Display.Color = "#2c2d30"
	m.Features.Home.Messages, m.Features.Home.ReadOnly = true, !all // where it does not hear, nobody can write
	m.Features.User.Name, m.Features.User.Always = "tastetest", true
	m.Features.Commands = []ManifestCommand{{
		Command: "/tastetest", URL: url, Description: "Blind taste tests of two models", Hint: hint(), Escape: true,
	}}
	for _, s := range Scopes() {
		if all || s.Optional == "" {
			m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, s.Name)
		}
	}
	m.Settings.Events.URL = url
	m.Settings.Events.Bot = []string{
		"reaction_added", "reaction_removed", "member_joined_channel",
		"channel_left", "channel_archive", "channel_deleted", "channel_id_changed", "group_left", "group_archive", "group_deleted",
		"app_uninstalled", "tokens_revoked",
	}
	if all { // each needs its scope
		m.Settings.Events.Bot = append(m.Settings.Events.Bot, "app_mention", "message.im")
	}
	m.Settings.Interactivity.Enabled = true
	m.Settings.Interactivity.URL, m.Settings.Interactivity.Options = url, url
	m.Settings.Socket = url == ""
	return m
}

// hint is what Slack shows beside the command: one line, so not all of them.
func hint() string {
	names := []string{}
	for _, c := range command.Table() {
		if slices.Contains([]string{"start", "compare", "status", "close", "results", "standings", "help"}, c.Name) {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, " | ")
}
