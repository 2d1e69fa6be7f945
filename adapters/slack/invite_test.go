package slack_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tastetest/tastetest/adapters/adaptertest"
	"github.com/tastetest/tastetest/adapters/adaptertest/fakechat"
	"github.com/tastetest/tastetest/adapters/slack/slackfake"
	"github.com/tastetest/tastetest/bot"
)

// town is a stage with people who have names.
func town(t *testing.T, w *world) (s *stage, ada string) {
	s = newStage(t, w)
	for _, u := range []slackfake.User{
		{ID: "UANA", Name: "ana.silva", Display: "Ana", Real: "Ana Silva"},
		{ID: "UANA2", Name: "asmith", Display: "Ana S.", Real: "Ana Smith"},
		{ID: "ULI", Name: "li", Display: "Li Wei"},
		{ID: "UBO", Name: "bo", Real: "Bo Ek"},
		{ID: "UGONE", Name: "gus", Left: true},
		{ID: "UGUEST", Name: "gil", Display: "Gil", Guest: true},
		{ID: "UROBOT", Name: "robot", Bot: true},
	} {
		u.Team = "T1"
		s.AddUser(u)
	}
	s.AddGroup(slackfake.Group{ID: "SDES", Team: "T1", Handle: "designers", Users: []string{"UANA", "ULI", "UBO", "UROBOT", "UGUEST"}})
	s.AddGroup(slackfake.Group{ID: "SBOTS", Team: "T1", Handle: "bots", Users: []string{"UROBOT"}})
	return s, s.admin()
}

// draft is the newest tasting of a workspace.
func (s *stage) draft(w bot.Workspace) bot.Tasting {
	ts, err := s.store.Tastings(s.t.Context(), w, bot.Query{})
	if err != nil || len(ts) == 0 {
		return bot.Tasting{}
	}
	return slices.MaxFunc(ts, func(a, b bot.Tasting) int { return int(a.ID.N) - int(b.ID.N) })
}

// Who is invited by a mention, a name or a group, however Slack sends it; what is
// shown are names; and what is nobody, or could be several, is asked about.
func TestInvitations(t *testing.T) {
	s, ada := town(t, newWorld(t, logger(t), false))
	for _, tt := range []struct {
		invite string
		lacks  string
		users  []string // nil: refused
		shown  string
	}{
		{"@li,@bo", "", []string{"ULI", "UBO"}, "Invited by name: Li Wei, Bo Ek."},
		{"@li,@li", "", []string{"ULI"}, "Invited by name: Li Wei."},
		{"<@ULI>", "", []string{"ULI"}, "Invited by name: Li Wei."},
		{"@Bo", "", []string{"UBO"}, "Invited by name: Bo Ek."},
		{"@Silva", "", []string{"UANA"}, "Invited by name: Ana."},
		{"@ana", "", []string{"UANA"}, "Invited by name: Ana."}, // whose shown name is just that
		{"@designers", "", []string{"UANA", "ULI", "UBO"}, "Ana, Li Wei, Bo Ek"},
		{"@Designers,@asmith", "", []string{"UANA", "ULI", "UBO", "UANA2"}, "@designers (Ana, Li Wei, Bo Ek), Ana S."},
		{"@designers,@li", "", []string{"UANA", "ULI", "UBO"}, "Li Wei"},
		{"@Ek,@nobody", "", nil, "nobody called @nobody"},
		{"@everyone", "", nil, "Leave @everyone out"},
		{"@here", "", nil, "Leave @here out"},
		{"@robot", "", nil, "is a bot"},
		{"@gil", "", nil, "could not vote here"},
		{"@gus", "", nil, "not in this workspace any more"},
		{"@bots", "", nil, "Nobody in that user group"},
		{"@designers", "usergroups:read", nil, "usergroups:read"},
		{"@Designers", "usergroups:read", nil, "usergroups:read"},
		{"@li", "usergroups:read", []string{"ULI"}, "Li Wei"},
	} {
		s.Change(func() { s.team.Lacks = tt.lacks })
		before := s.draft(s.Place().Workspace).ID.N
		s.CloseModal(ada)
		shown := s.Sent(ada, "CT1", `start kestrel nova pack=fruit rounds=1 until=2h invite="`+s.Escape("T1", tt.invite)+`"`)
		if strings.HasPrefix(tt.invite, "<") {
			shown = s.Sent(ada, "CT1", `start kestrel nova pack=fruit rounds=1 until=2h invite="`+tt.invite+`"`)
		}
		d := s.draft(s.Place().Workspace)
		if d.ID.N == before {
			d.Invited = nil
		}
		if !strings.Contains(shown, tt.shown) || !slices.Equal(d.Invited, tt.users) {
			t.Errorf("invite=%s, without the scope %q: invited are %q, want %q; shown with %q:\n%s", tt.invite, tt.lacks, d.Invited, tt.users, tt.shown, shown)
		}
		for _, id := range append(tt.users, "SDES") {
			if strings.Contains(shown, id) {
				t.Errorf("invite=%s shows the ID %s:\n%s", tt.invite, id, shown)
			}
		}
	}
	s.AddUser(slackfake.User{ID: "UANA3", Name: "ana3", Display: "Ana", Team: "T1"})
	s.restart() // whose list of people is new
	if shown := s.Slack.Command(ada, "CT1", "start kestrel nova pack=fruit rounds=1 until=2h invite=@ana"); !strings.Contains(shown, "@ana.silva (Ana)") || !strings.Contains(shown, "@ana3 (Ana)") || strings.Contains(shown, "Start this taste test?") {
		t.Errorf("a name that is two people's is answered with:\n%s", shown)
	}
}

// In the form people are chosen; those who were chosen are those who are counted
// among the invited, and whom the nudge waits for.
func TestInvitedByForm(t *testing.T) {
	s, ada := town(t, newWorld(t, logger(t), false))
	s.Slack.Command(ada, "CT1", "start")
	if form := string(s.View(ada)); !strings.Contains(form, `"multi_users_select"`) {
		t.Errorf("nobody can be chosen in the form:\n%s", form)
	}
	if shown := s.Slack.Submit(ada, map[string]string{"invite": "ULI UROBOT", "until": "2h"}, nil); !strings.HasPrefix(shown, "invite: ") || !strings.Contains(shown, "is a bot") {
		t.Errorf("a bot is invited:\n%s", shown)
	}
	shown := s.Slack.Submit(ada, map[string]string{"invite": "ULI UBO UANA", "ballot": "private", "rounds": "1", "until": "2h"}, nil)
	if !strings.Contains(shown, "Invited by name: Li Wei, Bo Ek, Ana.") {
		t.Fatalf("the form is answered with:\n%s", shown)
	}
	s.Slack.Press(ada, "CT1", "", button(t, shown, "/go]"))
	adaptertest.Eventually(t, "voting is open", func() bool { return s.draft(s.Place().Workspace).State == bot.Open })
	id := s.draft(s.Place().Workspace).ID
	head := s.Memory.Messages("CT1")[0].ID
	for _, user := range []string{"ULI", ada} { // one of those who are invited, and one more
		if shown := s.Slack.Press(user, "CT1", head, id.String()+"/taste"); !strings.Contains(shown, "1 of 1") {
			t.Fatalf("the seat shows:\n%s", shown)
		}
		s.Slack.Press(user, "CT1", head, id.Round(1).String()+"/left")
	}
	if shown := s.Command(t, ada, "status"); !strings.Contains(shown, "1 of 3 invited has tasted, and 1 more") {
		t.Errorf("status says:\n%s", shown)
	}
}

// Slack answers slowly: whoever invites hears of it in time, and nothing is
// invited that is nobody.
func TestInvitationsWhileSlackIsSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ada := town(t, worldInBubble(t, logger(t)))
		s.Command(t, ada, "status") // ada is known from here on
		s.Fail("users.list", 1, fakechat.Fault{Delay: 20e9})
		if shown := s.Slack.Command(ada, "CT1", "start kestrel nova pack=fruit rounds=1 until=2h invite=@Silva"); !strings.Contains(shown, "did not say in time") {
			t.Errorf("while Slack does not answer:\n%s", shown)
		}
		if shown := s.Slack.Command(ada, "CT1", "start kestrel nova pack=fruit rounds=1 until=2h invite=@Silva"); !strings.Contains(shown, "Invited by name: Ana.") {
			t.Errorf("once it answers:\n%s", shown)
		}
	})
}
