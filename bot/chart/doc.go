// Package chart draws a post as a picture: the votes of an announcement as
// stacked bars, standings as dots with their intervals.
//
// A picture repeats what its post says, with the post's own numbers and the
// post's own words: it has none of its own, so it is in the language of the
// post. What it shows stands in its Alt as well, for those who hear it, and a
// post is complete without it.
//
// Whoever asks for a picture says in which words: say has the languages.
//
// [Votes] and [Ranks], and [WideVotes] and [WideRanks] for a page, lay out a [Picture]: rounded boxes and pieces of text in
// units of half a pixel of the PNG. [Picture.PNG] paints it for chats, on a light
// or a dark ground, with the fonts in fonts/; [Picture.SVG] writes it for a page,
// whose style sheet may give its classes other colours.
package chart
