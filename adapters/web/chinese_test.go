package web_test

import "github.com/tastetest/tastetest/adapters/adaptertest"

// sentences are the samples in sentences of the catalogue.
func sentences(p adaptertest.Posts) adaptertest.Posts { return adaptertest.InSentences(p, workspace) }
