package chart

import "image/color"

// A Ground is what a picture stands on.
type Ground int

const (
	Light Ground = iota
	Dark
)

// A tone is what a colour is for.
type tone uint8

const (
	ground tone = iota
	ink
	soft   // what is read second
	line   // of the grid
	half   // the grid's line at one half
	one    // the first model
	grey   // equal, and both bad
	two    // the second model
	onOne  // text there
	onGrey // text there
	onTwo  // text there
	fits   // an interval in standings
	tones  // how many there are
)

// classes are what an SVG calls them.
var classes = [tones]string{"ground", "ink", "soft", "line", "half", "one", "grey", "two", "on-one", "on-grey", "on-two", "fits"}

// colours are a ground's, by tone. Blue and orange are told apart by people who
// see no red, no green or no blue, and by their lightness where there is no
// colour at all; a test looks at them as those people would.
var colours = [2][tones]color.RGBA{
	Light: {
		ground: rgb(0xffffff), ink: rgb(0x1f2937), soft: rgb(0x5b6472), line: rgb(0xe5e7eb), half: rgb(0x9ca3af),
		one: rgb(0x2563eb), grey: rgb(0xcbd5e1), two: rgb(0xf59e0b), onOne: rgb(0xffffff), onGrey: rgb(0x1f2937), onTwo: rgb(0x3b1d02), fits: rgb(0xbfdbfe),
	},
	Dark: {
		ground: rgb(0x1e1f24), ink: rgb(0xf3f4f6), soft: rgb(0xa7adb8), line: rgb(0x33363d), half: rgb(0x6b7280),
		one: rgb(0x4c8dff), grey: rgb(0x565d69), two: rgb(0xf7ab2a), onOne: rgb(0x061229), onGrey: rgb(0xf3f4f6), onTwo: rgb(0x2e1700), fits: rgb(0x29466f),
	},
}

func rgb(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} }
