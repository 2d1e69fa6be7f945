package chart

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
)

// mostCourses is how many models a picture follows.
const mostCourses = 10

// Where courses stand.
const (
	coursesFrom = 52.0
	coursesUpto = narrow - 64.0
	courseHigh  = 58.0
	courseEach  = courseHigh + 40
)

// Courses draws where models stood over time: a strip a model, and in it, at each
// time, its share as a dot on its interval; the last one’s in figures, with the votes it is of. ok is false where there is none.
func Courses(cs []bot.Course, words Words) (p Picture, ok bool) {
	c := courses{letters: newLetters(), Picture: Picture{width: narrow}, low: 50, high: 50}
	cs = cs[:min(len(cs), mostCourses)]
	var said []string
	for _, course := range cs {
		for _, at := range course.Points {
			c.low, c.high = min(c.low, at.Low), max(c.high, at.High)
			if !slices.ContainsFunc(c.times, at.On.Equal) {
				c.times = append(c.times, at.On)
			}
		}
		said = append(said, altOfCourse(course))
	}
	if len(c.times) < 2 {
		return Picture{}, false
	}
	slices.SortFunc(c.times, time.Time.Compare)
	c.low, c.high = max(0, 10*((c.low-1)/10)), min(100, 10*((c.high+10)/10))
	c.Alt = fitted(said)
	for i, course := range cs {
		c.strip(i, course)
	}
	c.height = 14 + float64(len(cs))*courseEach + 22
	for i, at := range []time.Time{c.times[0], c.times[len(c.times)-1]} {
		c.text(c.x(c.times[i*(len(c.times)-1)]), c.height-8, []anchor{start, end}[i], 11.5, false, soft, at.Format(time.DateOnly))
	}
	return c.Picture, true
}

// courses is the picture of courses in the making.
type courses struct {
	Picture
	letters   *letters
	times     []time.Time
	low, high int // the ends of the scale, in percent
}

// x is where a time stands: they are as far apart as any others.
func (c *courses) x(t time.Time) float64 {
	i := slices.IndexFunc(c.times, t.Equal)
	return coursesFrom + 6 + (coursesUpto-coursesFrom-12)*float64(i)/float64(len(c.times)-1)
}

func (c *courses) strip(i int, course bot.Course) {
	top := 14 + float64(i)*courseEach + 24
	y := func(percent int) float64 {
		return top + courseHigh*float64(c.high-percent)/float64(c.high-c.low)
	}
	name := c.letters.within(c.name(c.letters, string(course.Model), i+1), coursesUpto-margin, 13, true)
	c.text(margin, top-12, start, 13, true, ink, name)
	for _, g := range []int{c.low, 50, c.high} {
		t := line
		if g == 50 {
			t = half
		}
		c.box(coursesFrom, y(g)-0.5, coursesUpto, y(g)+0.5, 0, 0, t)
		if g == 50 || c.high-c.low > 20 && max(g-50, 50-g) >= 15 {
			c.text(coursesFrom-8, y(g)+4, end, 11, false, soft, fmt.Sprintf("%d%%", g))
		}
	}
	for _, at := range course.Points {
		x := c.x(at.On)
		c.box(x-3, y(at.High), x+3, y(at.Low), 3, 3, fits)
		c.dot(x, y(at.Score), 4, one)
	}
	last := course.Points[len(course.Points)-1]
	c.text(coursesUpto+10, y(last.Score)+5, start, 14, true, ink, fmt.Sprintf("%d%%", last.Score))
	c.text(coursesUpto+10, y(last.Score)+20, start, 11.5, false, soft, fmt.Sprintf("n=%d", last.Votes))
}

// altOfCourse says what a strip shows: "nova: 2026-09-03 61% (41–80, n=42), …".
func altOfCourse(c bot.Course) string {
	var all []string
	for _, at := range c.Points {
		all = append(all, fmt.Sprintf("%s %d%% (%d–%d, n=%d)", at.On.Format(time.DateOnly), at.Score, at.Low, at.High, at.Votes))
	}
	return string(c.Model) + ": " + strings.Join(all, ", ")
}
