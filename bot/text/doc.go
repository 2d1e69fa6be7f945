// Package text is what is done to texts, for every model alike. Two answers
// stand side by side, and nothing but what their authors wrote may tell them
// apart: so tokens, thinking and invisible characters go ([Clean]), both are cut
// at the same length ([Cut]), and what names its author is found before anybody
// votes ([Leaks]). It knows no tasting and imports nothing of ours, so that a
// text is all that a test of it needs.
package text
