package bot

// A Workspace is one team: a Slack workspace, a Discord server, a web page.
// Nothing crosses from one to another.
type Workspace struct {
	Platform string // "slack", "discord", "web"
	ID       string
}

// A Place is where people talk: a channel, or a thread, which counts as one.
type Place struct {
	Workspace
	Channel string
}

// A Ref names the message that people react to. It is comparable.
type Ref struct {
	Place
	Message string
}

// A Voter is a person in a workspace.
type Voter struct {
	Workspace
	User string
}
