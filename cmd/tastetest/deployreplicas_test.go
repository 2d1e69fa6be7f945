package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	kubernetes "sigs.k8s.io/yaml"
)

// Each replica in containers has an address of its own under which the others find
// it, Caddy knows all of them, and all have the same database.
func TestReplicasInContainers(t *testing.T) {
	compose := tool(t, "docker-compose", "docker-compose")
	dir := t.TempDir()
	place(t, filepath.Join(dir, "compose.yaml"), []byte(deployFile(t, "compose.replicas.yaml")))
	place(t, filepath.Join(dir, "keys.env"), []byte("SLACK_BOT_TOKEN=xoxb-1\nTASTETEST_STORE_PASSWORD=p1\n"))
	cmd := exec.Command(compose, "--file", "compose.yaml", "config")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TASTETEST_HOST=tastetest.example.com", "TASTETEST_STORE_PASSWORD=p1")
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf("docker-compose config: %v\n%s", err, said)
	}
	var c struct {
		Services map[string]struct {
			Environment map[string]string
			Grace       string `yaml:"stop_grace_period"`
		}
	}
	if err := yaml.Unmarshal(said, &c); err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, name := range []string{"tastetest1", "tastetest2", "tastetest3"} {
		s := c.Services[name]
		pages = append(pages, name+":8080")
		if got := s.Environment["TASTETEST_REACH"]; got != "http://"+name+":8080" || !isReach(got) {
			t.Errorf("%s is reached at %q", name, got)
		}
		if s.Environment["SLACK_BOT_TOKEN"] != "xoxb-1" || s.Environment["TASTETEST_STORE_PASSWORD"] != c.Services["database"].Environment["POSTGRES_PASSWORD"] {
			t.Errorf("%s has not the keys, or not the database's password: %v", name, s.Environment)
		}
		if wait, err := time.ParseDuration(s.Grace); err != nil || wait <= graceTime {
			t.Errorf("%s is killed after %q; it may take %v to stop", name, s.Grace, graceTime)
		}
	}
	if got := c.Services["caddy"].Environment["TASTETEST_PAGE"]; got != strings.Join(pages, " ") {
		t.Errorf("Caddy looks for the page at %q", got)
	}
	caddy := tool(t, "caddy", "caddy")
	adapt := exec.Command(caddy, "adapt", "--config", filepath.Join(deployed, "Caddyfile"), "--adapter", "caddyfile")
	adapt.Env = append(os.Environ(), "TASTETEST_PAGE="+strings.Join(pages, " "), "HOME="+t.TempDir())
	said, err = adapt.Output()
	for _, page := range pages {
		if err != nil || !strings.Contains(string(said), `{"dial":"`+page+`"}`) {
			t.Errorf("Caddy does not know %s (%v):\n%s", page, err, said)
		}
	}
}

// What of an object in Kubernetes this program's own depends on. It is decoded
// strictly along these lines: a key that is not in them is a slip, or one to think
// about here. That Kubernetes takes the rest has to be tried on a cluster.
type manifest struct {
	APIVersion string                `yaml:"apiVersion"`
	Kind       string                `yaml:"kind"`
	Metadata   struct{ Name string } `yaml:"metadata"`
	Data       map[string]string     `yaml:"data"`
	Spec       manifestSpec          `yaml:"spec"`
}

type manifestSpec struct {
	Replicas    int
	ServiceName string `yaml:"serviceName"`
	Strategy    struct {
		RollingUpdate struct {
			MaxUnavailable int `yaml:"maxUnavailable"`
			MaxSurge       int `yaml:"maxSurge"`
		} `yaml:"rollingUpdate"`
	}
	Selector yaml.MapSlice
	Template struct {
		Metadata struct{ Labels map[string]string }
		Spec     struct {
			Grace      int            `yaml:"terminationGracePeriodSeconds"`
			Security   map[string]any `yaml:"securityContext"`
			Containers []container
			Volumes    []struct {
				Name      string
				ConfigMap struct{ Name string } `yaml:"configMap"`
			}
		}
	}
	Ports []struct {
		Name       string
		Port       int
		TargetPort string `yaml:"targetPort"`
	}
	Claims []struct {
		Metadata struct{ Name string }
		Spec     struct {
			AccessModes []string `yaml:"accessModes"`
			Resources   map[string]map[string]string
		}
	} `yaml:"volumeClaimTemplates"`
}

type probe struct {
	HTTPGet   struct{ Path, Port string } `yaml:"httpGet"`
	TCPSocket struct{ Port string }       `yaml:"tcpSocket"`
	Exec      struct{ Command []string }
	Period    int `yaml:"periodSeconds"`
	Timeout   int `yaml:"timeoutSeconds"`
}

type container struct {
	Name, Image string
	Args        []string
	Env         []struct {
		Name, Value string
		From        struct {
			Field struct {
				FieldPath string `yaml:"fieldPath"`
			} `yaml:"fieldRef"`
			Secret struct{ Name, Key string } `yaml:"secretKeyRef"`
		} `yaml:"valueFrom"`
	}
	EnvFrom []struct {
		Secret struct{ Name string } `yaml:"secretRef"`
	} `yaml:"envFrom"`
	Ports []struct {
		Name string
		Port int `yaml:"containerPort"`
	}
	Ready     probe `yaml:"readinessProbe"`
	Alive     probe `yaml:"livenessProbe"`
	Resources map[string]map[string]string
	Security  map[string]any `yaml:"securityContext"`
	Mounts    []struct {
		Name     string
		Path     string `yaml:"mountPath"`
		ReadOnly bool   `yaml:"readOnly"`
	} `yaml:"volumeMounts"`
}

// asKubernetes reads an object with Kubernetes' own types, which know no field that it
// does not know.
func asKubernetes(t *testing.T, text string) {
	t.Helper()
	var said struct{ APIVersion, Kind string }
	if err := kubernetes.Unmarshal([]byte(text), &said); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	object, known := map[string]any{
		"v1 ConfigMap":        &core.ConfigMap{},
		"v1 Service":          &core.Service{},
		"apps/v1 Deployment":  &apps.Deployment{},
		"apps/v1 StatefulSet": &apps.StatefulSet{},
	}[said.APIVersion+" "+said.Kind]
	if !known {
		t.Fatalf("there is no %s %s", said.APIVersion, said.Kind)
	}
	if err := kubernetes.UnmarshalStrict([]byte(text), object); err != nil {
		t.Errorf("Kubernetes would refuse the %s: %v", said.Kind, err)
	}
}

func TestReplicasInKubernetes(t *testing.T) {
	all := make(map[string]manifest)
	for _, text := range strings.Split(deployFile(t, "kubernetes.yaml"), "\n---\n") {
		asKubernetes(t, text)
		var m manifest
		if err := yaml.UnmarshalWithOptions([]byte(text), &m, yaml.Strict()); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		all[m.Kind+" "+m.Metadata.Name] = m
	}
	s, err := readSettings(write(t, all["ConfigMap tastetest"].Data["tastetest.yaml"]))
	if err != nil {
		t.Fatalf("its configuration: %v", err)
	}
	url, err := s.storeURL()
	if database := all["Service tastetest-database"]; err == nil || !strings.Contains(s.Store, "@"+database.Metadata.Name+"/") || database.Metadata.Name == "" {
		t.Errorf("its store %q (%q) is not the database beside it, with a password from the environment", s.Store, url)
	}
	d := all["Deployment tastetest"].Spec
	pod := d.Template.Spec
	bot := pod.Containers[0]
	if d.Replicas != 3 || strings.Join(bot.Args, " ") != "run" || time.Duration(pod.Grace)*time.Second <= graceTime {
		t.Errorf("%d replicas are started with %q and killed after %d s", d.Replicas, bot.Args, pod.Grace)
	}
	var env []string
	for _, e := range bot.Env {
		env = append(env, e.Name+"="+e.Value+e.From.Field.FieldPath)
	}
	// Kubernetes puts in what stands before it alone.
	if got := strings.Join(env, " "); got != "TASTETEST_CONFIG=/etc/tastetest/tastetest.yaml POD_IP=status.podIP TASTETEST_REACH=http://$(POD_IP):8080" {
		t.Errorf("its environment is %s", got)
	}
	if bot.Mounts[0].Path != "/etc/tastetest" || pod.Volumes[0].Name != bot.Mounts[0].Name || pod.Volumes[0].ConfigMap.Name != "tastetest" || bot.EnvFrom[0].Secret.Name != "tastetest" {
		t.Error("it has not its configuration, or not its keys")
	}
	_, port, _ := strings.Cut(s.Web.Listen, ":")
	if p := bot.Ports[0]; p.Name != "page" || port != "8080" || p.Port != 8080 || bot.Ready.HTTPGet.Port != "page" || bot.Ready.HTTPGet.Path != "/readyz" || bot.Alive.TCPSocket.Port != "page" {
		t.Errorf("the page listens on %s; its port is %v, and it is asked with %+v and %+v", s.Web.Listen, p, bot.Ready, bot.Alive)
	}
	for service, app := range map[string]string{"tastetest": "Deployment tastetest", "tastetest-database": "StatefulSet tastetest-database"} {
		spec, of := all["Service "+service].Spec, all[app].Spec
		if selects := spec.Selector.ToMap()["app"]; selects != of.Template.Metadata.Labels["app"] || spec.Ports[0].TargetPort != of.Template.Spec.Containers[0].Ports[0].Name {
			t.Errorf("the service %s leads to %v, and %s is %v", service, spec, app, of.Template.Metadata.Labels)
		}
	}
	for _, e := range all["StatefulSet tastetest-database"].Spec.Template.Spec.Containers[0].Env {
		if e.Name == "POSTGRES_PASSWORD" && e.From.Secret.Key != s.StorePasswordEnv {
			t.Errorf("the database's password is %q of the Secret, the bot's %q", e.From.Secret.Key, s.StorePasswordEnv)
		}
	}
}
