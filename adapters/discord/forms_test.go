package discord_test

import (
	"fmt"
	"slices"
	"testing"
)

// However many models there are, Discord takes the form, it asks how people
// vote, and sent as it stands it is understood.
func TestStartFormTakesAnyModels(t *testing.T) {
	t.Parallel()
	for n, models := range map[int]string{0: "", 1: "3 first", 2: "3 first+second", 3: "3 first+second", 40: "3 first+second"} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, t.Output())
			s.stop()
			s.names = []string{}
			for i := range n {
				s.names = append(s.names, fmt.Sprint("model ", i))
			}
			s.begin()
			form := s.Slash(t, tasteID, s.boss, "start").Form(t)
			var asked []string
			for _, p := range form.Parts {
				if p.Field != nil {
					asked = append(asked, fmt.Sprintf("%d %s", p.Field.Type, p.Field.ID))
				}
			}
			if !slices.Contains(asked, "19 file") || models != "" && asked[0] != models || n != 1 && !slices.Contains(asked, "21 ballot") {
				t.Errorf("with %d models the form asks for %q", n, asked)
			}
			if x := s.Fill(t, form, tasteID, s.boss, nil, nil); x.Kind != 4 {
				t.Errorf("sent as it stands it is answered with %v", x)
			}
		})
	}
}
