package web_test

import (
	"testing"
	"time"

	"github.com/tastetest/tastetest/adapters/web"
	"github.com/tastetest/tastetest/bot"
)

// Somebody on a phone chooses Chinese from the menu, and reads all of the page in
// it from then on, with times as their own clock has them.
func TestChooseALanguage(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	kiritimati, err := time.LoadLocation("Pacific/Kiritimati") // where nobody's browser is
	if err != nil {
		t.Fatal(err)
	}
	m := newMemory()
	_, url := serve(t, m, m, web.Options{})
	h := samples.Head
	h.Progress = bot.Say("closes {when}", bot.Moment(time.Date(2020, 3, 5, 17, 30, 0, 0, time.UTC).In(kiritimati)))
	h.Main = &bot.Button{ID: "12/taste", Label: bot.Say("Start tasting"), Primary: true}
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, h)

	// What the clock of the browser shows at the time of el, and its day.
	const own = `(d => d.getDate() + ' ' + String(d.getHours()).padStart(2, '0') + ':30')(new Date(document.querySelector('.progress time').dateTime))`
	const shown = `(/(\d+)(?: Mar |日（周.）)(\d\d:\d\d)$/.exec(document.querySelector('.progress time').innerText) ?? []).slice(1).join(' ')`

	p := visit(t, browser, url, phone)
	p.click("#join [data-close]")
	p.sees("Start tasting")
	p.until(own + " == " + shown)
	p.click(".tongues summary")
	p.click(".tongues button[value=zh]")
	p.until("document.documentElement.lang == 'zh-CN' && document.querySelector('#join')?.open")
	p.click("#join [data-close]")
	p.sees("开始盲测")
	p.until(own + " == " + shown)
	p.fits()
	p.reload()
	p.join("小马")
	p.until("document.querySelector('#say').placeholder.includes('查看全部命令')")

	// A vote of somebody else brings news: the times in it are the reader's own too.
	h.Progress = bot.Dotted(bot.Say("{n} voted", bot.Count(7)), h.Progress)
	m.put(channel, bot.PostKey{Tasting: tasting(12), What: "head"}, h)
	p.run("look()")
	p.sees("已有 7 人投票")
	p.until(own + " == " + shown)

	// And back.
	p.click(".mine summary")
	p.click(".mine button[value=en]")
	p.until("document.documentElement.lang == 'en'")
	p.sees("Start tasting")
}
