package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/tastetest/tastetest/bot"
)

const lookEvery = 2 * time.Second

// A modelWatch has the models of a configuration file, and takes up edits.
type modelWatch struct {
	log     *slog.Logger
	flags   fileFlags
	current atomic.Pointer[[]bot.Model]
	judges  atomic.Pointer[[]bot.Judge]

	used  settings // what current was made from
	stamp string   // of the files that were read for it
}

// watchModels makes the models that s names.
func watchModels(log *slog.Logger, flags fileFlags, s settings) *modelWatch {
	w := &modelWatch{log: log, flags: flags, stamp: stampOf(s)}
	w.use(s)
	return w
}

// Models returns the models as they are now.
func (w *modelWatch) Models() []bot.Model { return *w.current.Load() }

// Judges returns the judges as they are now.
func (w *modelWatch) Judges() []bot.Judge { return *w.judges.Load() }

// Run looks every two seconds, and at SIGHUP, whether the file was edited,
// until ctx is done. An edit that cannot be used leaves the models as they are.
func (w *modelWatch) Run(ctx context.Context) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if stamp := stampOf(w.used); stamp != w.stamp {
				w.stamp = stamp
				w.reload()
			}
		case <-hangup:
			w.stamp = stampOf(w.used)
			w.reload()
		}
	}
}

func (w *modelWatch) reload() {
	s, err := w.flags.read()
	if err != nil {
		line, _, _ := strings.Cut(err.Error(), "\n")
		w.log.Error("the configuration was edited, but cannot be used; the models stay as they were", "err", line)
		return
	}
	restart := !sameButModels(s, w.used)
	w.use(s)
	w.stamp = stampOf(s)
	w.log.Info("the configuration was read again", "models", len(w.Models()))
	if restart {
		w.log.Warn("only the models and judges are taken up now; for the other changes restart the bot")
	}
}

// use makes the models of s. One whose key or file is missing is left out,
// and the log says so.
func (w *modelWatch) use(s settings) {
	models := make([]bot.Model, 0, len(s.Models))
	var keyless []string
	for _, m := range s.Models {
		if _, err := m.apiKey().read(); err != nil {
			keyless = append(keyless, m.Name)
			continue
		}
		model, err := m.open()
		if err != nil {
			line, _, _ := strings.Cut(err.Error(), "\n")
			w.log.Warn("a model is left out", "model", m.Name, "err", line)
			continue
		}
		models = append(models, model)
	}
	if len(keyless) > 0 {
		w.log.Warn("models are left out because their keys are missing; tastetest config says which", "models", strings.Join(keyless, ", "))
	}
	if len(models) < 2 {
		w.log.Warn("a taste test needs two models; add some to the configuration", "models", len(models), "file", s.file)
	}
	if old := s.oldPrices(time.Now()); len(old) > 0 {
		w.log.Warn("costs are reckoned from prices of more than a year ago; look them up, and write the day into as_of", "models", strings.Join(old, ", "))
	}
	judges := make([]bot.Judge, 0, len(s.Judges))
	for _, j := range s.Judges {
		judge, err := j.openJudge()
		if err != nil {
			line, _, _ := strings.Cut(err.Error(), "\n")
			w.log.Warn("a judge is left out", "judge", j.Name, "err", line)
			continue
		}
		judges = append(judges, judge)
	}
	w.used = s
	w.current.Store(&models)
	w.judges.Store(&judges)
}

func sameButModels(a, b settings) bool {
	a.Models, b.Models, a.Judges, b.Judges = nil, nil, nil, nil
	return reflect.DeepEqual(a, b)
}

// stampOf changes when a file changes that the models are made from.
func stampOf(s settings) string {
	files := []string{s.file}
	for _, m := range s.Models {
		files = append(files, m.File, m.APIKeyFile)
	}
	for _, j := range s.Judges {
		files = append(files, j.APIKeyFile)
	}
	var b strings.Builder
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			fmt.Fprintln(&b, f, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}
