package deal

import "testing"

// Who invites how many people, types what and has how many prompts gets which
// tasting.
func TestSize(t *testing.T) {
	for _, tt := range []struct {
		name    string
		invited int
		rounds  int // typed; 0: not
		prompts int
		want    Size
	}{
		{"nobody is invited", 0, 0, 300, Size{10, 10, 0, 1}},
		{"seven are", 7, 0, 300, Size{10, 10, 0, 1}},
		{"eight are", 8, 0, 300, Size{30, 13, 5, 1}},
		{"fifteen are", 15, 0, 300, Size{30, 13, 5, 1}},
		{"sixteen are", 16, 0, 300, Size{50, 16, 10, 4}},
		{"24 are", 24, 0, 300, Size{50, 16, 10, 4}},
		{"25 are", 25, 0, 300, Size{60, 20, 12, 4}},
		{"a hundred are", 100, 0, 300, Size{60, 20, 12, 4}},
		{"five rounds, nobody invited", 0, 5, 300, Size{5, 5, 0, 1}},
		{"ten rounds each of 20 people", 20, 10, 300, Size{25, 10, 6, 4}},
		{"20 rounds each of 20 people", 20, 20, 300, Size{50, 20, 12, 4}},
		{"four rounds each of 20 people", 20, 4, 300, Size{10, 4, 3, 4}},
		{"ten rounds each of eight people: six votes a prompt", 8, 10, 300, Size{10, 10, 3, 1}},
		{"20 rounds each of eight people", 8, 20, 300, Size{20, 20, 7, 1}},
		{"a pack of 40", 20, 0, 40, Size{40, 16, 10, 4}},
		{"a pack of 24, half as many again", 20, 0, 24, Size{24, 16, 10, 4}},
		{"a pack of 23: one set", 20, 0, 23, Size{16, 16, 10, 1}},
		{"a pack of twelve", 20, 0, 12, Size{12, 12, 7, 1}},
		{"one prompt", 20, 0, 1, Size{1, 1, 0, 1}},
		{"a pack of three, nobody invited", 0, 0, 3, Size{3, 3, 0, 1}},
	} {
		s := Usual(tt.invited)
		if tt.rounds > 0 {
			s = s.Of(tt.rounds, tt.invited)
		}
		if got := s.Fit(tt.prompts); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
