package discordfake

import (
	"cmp"
	"fmt"
	"mime/multipart"
	"slices"
	"strings"
)

// mostFile is how many bytes a file may have on a server that pays nothing.
const mostFile = 10 << 20

// attached reads the files of a form: by name, and the name of each by its field.
func (f *Discord) attached(form *multipart.Form) (files map[string][]byte, fields map[string]string, no *refusal) {
	files, fields = make(map[string][]byte), make(map[string]string)
	f.Mu.Lock()
	most := cmp.Or(f.MostFile, mostFile)
	f.Mu.Unlock()
	for field, fs := range form.File {
		file, err := fs[0].Open()
		if err != nil {
			return nil, nil, &refusal{400, 50035, err.Error()}
		}
		files[fs[0].Filename], fields[field] = readAll(file), fs[0].Filename
		file.Close()
		if len(files[fs[0].Filename]) > most {
			return nil, nil, &refusal{413, 40005, "Request entity too large"}
		}
	}
	return files, fields, nil
}

// filesBarred reports whether the bot lacks the permission to attach files.
func (f *Discord) filesBarred() bool {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	return f.NoFiles
}

// checkFiles says what is wrong with what a message says of its files.
func (m *Sent) checkFiles(fields map[string]string) string {
	var names []string
	for _, a := range m.Attachments {
		name, came := fields[fmt.Sprintf("files[%d]", a.ID)]
		switch {
		case !came || name != a.Filename:
			return "ATTACHMENT_NOT_FOUND: " + a.Filename
		case units(a.Description) > 1024:
			return fmt.Sprintf("a description of %d for a file", units(a.Description))
		}
		names = append(names, name)
	}
	for _, e := range m.Embeds {
		if e.Image == nil {
			continue
		}
		if name, ours := strings.CutPrefix(e.Image.URL, "attachment://"); !ours || !slices.Contains(names, name) {
			return "an image that is none of the files: " + e.Image.URL
		}
	}
	return ""
}
