package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
)

// A signer makes marks that only whoever has the key can make.
type signer struct{ key []byte }

// sign returns HMAC-SHA256(key, purpose NUL value) as base64url.
func (s signer) sign(purpose, value string) string {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(purpose + "\x00" + value))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func (s signer) signed(purpose, value, mark string) bool {
	return hmac.Equal([]byte(s.sign(purpose, value)), []byte(mark))
}

// name is a cookie's name. It has a part of its own for each key: cookies do
// not heed ports, and two chats on one machine shall not take away each
// other's.
func (s signer) name(what string) string {
	h := sha256.Sum256([]byte("cookie\x00" + string(s.key)))
	return "tastetest-" + what + "-" + hex.EncodeToString(h[:4])
}

const (
	userCookie  = "user"  // who somebody is
	enterCookie = "enter" // that they know the secret
	adminCookie = "admin" // that they know the admin key
	langCookie  = "lang"  // the language that was chosen in this browser
)

func (c *Chat) setCookie(w http.ResponseWriter, r *http.Request, what, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: c.signer.name(what), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: c.encrypted(r),
	})
}

const year = 365 * 24 * 60 * 60

func (c *Chat) setUser(w http.ResponseWriter, r *http.Request, user string) {
	c.setCookie(w, r, userCookie, base64.RawURLEncoding.EncodeToString([]byte(user))+"."+c.signer.sign(userCookie, user), year)
}

// user says who sent a request: "" for a stranger. forged if there is a
// cookie that this chat never made.
func (c *Chat) user(r *http.Request) (user string, forged bool) {
	k, err := r.Cookie(c.signer.name(userCookie))
	if err != nil {
		return "", false
	}
	id, mark, _ := strings.Cut(k.Value, ".")
	b, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil || !c.signer.signed(userCookie, string(b), mark) {
		return "", true
	}
	user = string(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isAdmin(r) {
		c.admins[user] = true
	} else {
		delete(c.admins, user)
	}
	return user, false
}

// isAdmin reports whether the browser has shown the admin key that holds now.
func (c *Chat) isAdmin(r *http.Request) bool {
	return c.opt.AdminKey != "" && c.marked(r, adminCookie, c.opt.AdminKey)
}

// letIn reports whether the browser has shown the secret that holds now, or
// the admin key, which says more.
func (c *Chat) letIn(r *http.Request) bool {
	return c.opt.Secret == "" || c.marked(r, enterCookie, c.opt.Secret) || c.isAdmin(r)
}

func (c *Chat) marked(r *http.Request, what, value string) bool {
	k, err := r.Cookie(c.signer.name(what))
	return err == nil && c.signer.signed(what, value, k.Value)
}
