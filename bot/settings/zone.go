package settings

import (
	_ "embed"
	"slices"
	"strings"
	"time"

	"github.com/tastetest/tastetest/bot"
	"github.com/tastetest/tastetest/bot/text"
)

// zones are the time zones of all countries, by the names in IANA's zone.tab, and UTC.
//
//go:embed zones.txt
var zones string

// Zones are the names of time zones, in order.
func Zones() []string { return strings.Fields(zones) }

// elsewhere are cities by which people call a time zone that is named after another.
var elsewhere = map[string]string{
	"beijing": "Asia/Shanghai", "北京": "Asia/Shanghai", "上海": "Asia/Shanghai", "深圳": "Asia/Shanghai", "广州": "Asia/Shanghai", "杭州": "Asia/Shanghai",
	"香港": "Asia/Hong_Kong", "台北": "Asia/Taipei", "新加坡": "Asia/Singapore", "东京": "Asia/Tokyo", "伦敦": "Europe/London", "柏林": "Europe/Berlin",
	"巴黎": "Europe/Paris", "纽约": "America/New_York", "san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "boston": "America/New_York",
	"mumbai": "Asia/Kolkata", "bangalore": "Asia/Kolkata", "delhi": "Asia/Kolkata", "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "gmt": "UTC",
}

// Zone returns the name of the time zone that was typed, by its name or by that of
// its city. A UserError names the nearest, or says what there is.
func Zone(typed string) (string, error) {
	typed = strings.Join(strings.Fields(typed), " ")
	all := Zones()
	cities := make([]string, len(all))
	for i, name := range all {
		cities[i] = city(name)
		if strings.EqualFold(typed, strings.ReplaceAll(name, "_", " ")) || strings.EqualFold(typed, name) || strings.EqualFold(typed, cities[i]) {
			return name, nil
		}
	}
	if name, ok := elsewhere[strings.ToLower(typed)]; ok {
		return name, nil
	}
	if _, err := time.LoadLocation(typed); err == nil && typed != "" && typed != "Local" { // an old name of one of them
		return typed, nil
	}
	near := text.Nearest(typed, all)
	if near == "" {
		if c := text.Nearest(typed, cities); c != "" {
			near = all[slices.Index(cities, c)]
		}
	}
	if near != "" {
		return "", bot.UserError(bot.Say("There is no time zone “{typed}”. Did you mean {near}?", bot.Verbatim(text.Clip(typed)), zoneIs(near)))
	}
	return "", bot.UserError(bot.Say("There is no time zone “{typed}”. There are those of all countries, by continent and city, and UTC: {berlin}, {shanghai} or {york}.",
		bot.Verbatim(text.Clip(typed)), zoneIs("Europe/Berlin"), zoneIs("Asia/Shanghai"), zoneIs("America/New_York")))
}

// city is the part of a zone's name that people say.
func city(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
}

func zoneIs(name string) bot.Usage {
	return bot.Usage{Options: []bot.Setting{{Name: ZoneOption, Value: name}}}
}

// ZoneBeside refuses a time that was typed with a time zone beside it: a channel has
// one. It says where that is set, and of a zone that does not exist what is nearest.
func ZoneBeside(when string) error {
	for _, w := range strings.Fields(when) {
		a, _, is := strings.Cut(w, "/")
		if !is || len(a) <= len("Mon") || strings.Trim(strings.ToLower(a), "abcdefghijklmnopqrstuvwxyz_") != "" {
			continue
		}
		zone, err := Zone(w)
		if err != nil {
			return err
		}
		return bot.UserError(bot.Say("A channel has one time zone, and it is set for all that is said there. Type: {settings}",
			bot.Usage{Command: "settings", Options: []bot.Setting{{Name: ZoneOption, Value: zone}}}))
	}
	return nil
}
