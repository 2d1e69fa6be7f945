// Package llm asks models for answers: any that speaks OpenAI's chat
// completions ([New]), files of finished answers ([FromFile]), and the demo's
// invented writers ([Demo]).
//
// Nothing is guessed from a model's name: what a provider needs is said in its
// [Settings]; see README.md beside this file.
package llm
