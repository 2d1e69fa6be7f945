package discord

// The JSON that is sent to Discord, as far as it is used here: discordgo has no
// nonce, and of forms no labels, radio buttons and uploads.
// https://docs.discord.com/developers/resources/message
// https://docs.discord.com/developers/components/reference

// A message is a message to create, to edit, or to answer with.
type message struct {
	Content    string      `json:"content"`
	Embeds     []embed     `json:"embeds"`
	Components []component `json:"components"`
	Mentions   mentions    `json:"allowed_mentions"`
	Reference  *reference  `json:"message_reference,omitempty"`
	Flags      int         `json:"flags,omitempty"`
	Nonce      string      `json:"nonce,omitempty"`
	Enforce    bool        `json:"enforce_nonce,omitempty"`
	// Attachments are the files that stay; an empty list takes them all away.
	Attachments *[]attachment `json:"attachments,omitempty"`

	Files []file `json:"-"`
}

// Mentions allow none, whatever stands in the texts.
type mentions struct {
	Parse       [0]string `json:"parse"`
	RepliedUser bool      `json:"replied_user"`
}

type reference struct {
	Message string `json:"message_id"`
	Fail    bool   `json:"fail_if_not_exists"`
}

type attachment struct {
	ID          int    `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
}

// A file goes with a message, to be looked at or downloaded.
type file struct {
	Name string
	Data []byte
	Kind string // "image/png"; empty: text
	Alt  string // what it shows, for those who hear it
}

const ephemeral = 1 << 6 // a flag: only who asked sees it

type embed struct {
	Title       string  `json:"title,omitempty"`
	Description string  `json:"description,omitempty"`
	Color       int     `json:"color,omitempty"`
	Image       *image  `json:"image,omitempty"`
	Footer      *footer `json:"footer,omitempty"`
	Timestamp   string  `json:"timestamp,omitempty"` // of a digest: the end of its week, in RFC 3339
}

// An image is one of the message's files: "attachment://votes.png".
type image struct {
	URL string `json:"url"`
}

type footer struct {
	Text string `json:"text"`
}

// A component is something to click, or a field of a form.
type component struct {
	Type        componentType `json:"type"`
	ID          string        `json:"custom_id,omitempty"`
	URL         string        `json:"url,omitempty"` // of a button that opens it
	Label       string        `json:"label,omitempty"`
	Description string        `json:"description,omitempty"`
	Style       int           `json:"style,omitempty"`
	Content     string        `json:"content,omitempty"`
	Placeholder string        `json:"placeholder,omitempty"`
	Value       string        `json:"value,omitempty"`
	Options     []option      `json:"options,omitempty"`
	Required    *bool         `json:"required,omitempty"`
	Min         *int          `json:"min_values,omitempty"`
	Max         int           `json:"max_values,omitempty"`
	MaxLength   int           `json:"max_length,omitempty"`
	Components  []component   `json:"components,omitempty"`
	Component   *component    `json:"component,omitempty"` // of a label
}

type componentType int

const (
	actionRow   componentType = 1
	button      componentType = 2
	selectMenu  componentType = 3
	textInput   componentType = 4
	textDisplay componentType = 10
	label       componentType = 18
	fileUpload  componentType = 19
	radioGroup  componentType = 21
)

// Styles of a button, and of a text input.
const (
	primary   = 1
	secondary = 2
	danger    = 4
	linked    = 5 // it opens an address

	oneLine   = 1
	paragraph = 2
)

type option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// A response answers an interaction.
type response struct {
	Type responseType `json:"type"`
	Data any          `json:"data,omitempty"` // a message, a modal, choices, or what a deferred one will be
}

// A deferred answer says only who will see it.
type deferred struct {
	Flags int `json:"flags"`
}

type responseType int

const (
	say         responseType = 4
	sayLater    responseType = 5
	updateLater responseType = 6
	update      responseType = 7
	complete    responseType = 8
	askForm     responseType = 9
)

type modal struct {
	ID         string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

type choices struct {
	Choices []choice `json:"choices"`
}

type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
