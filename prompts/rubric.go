package prompts

import _ "embed"

// Rubric is what a judge goes by that has none of its own.
//
//go:embed rubric.txt
var Rubric string
