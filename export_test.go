package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"odoograph/internal/freeport"
	"odoograph/odoo"
	"odoograph/odoo/odootest"
)

// An export of 50,000 partners, as NDJSON and as CSV, takes less than 80 MB of the
// gateway's memory; one that is cut off, by the gateway's own end at that, goes on
// from the cursor of the last record that came, without gap or repeat.
func TestExportOfVolume(t *testing.T) {
	if testing.Short() {
		t.Skip("50,000 partners")
	}
	standIn := odootest.Start(t, odootest.Options{Partners: 50_000})
	exportVolume(t, standIn.URL(), standIn.DB(), odoo.Credential{APIKey: odootest.AdminKey, Login: odootest.AdminLogin, Password: odootest.AdminLogin})
}

// TestGenuineExport is TestExportOfVolume with the Odoo that ODOO_URL names.
func TestGenuineExport(t *testing.T) {
	if os.Getenv("ODOO_URL") == "" {
		t.Skip("set ODOO_URL, ODOO_DB, ODOO_LOGIN, ODOO_PASSWORD and ODOO_API_KEY to run against a genuine Odoo")
	}
	exportVolume(t, os.Getenv("ODOO_URL"), os.Getenv("ODOO_DB"), odoo.Credential{
		Login: os.Getenv("ODOO_LOGIN"), Password: os.Getenv("ODOO_PASSWORD"), APIKey: os.Getenv("ODOO_API_KEY"),
	})
}

const exportMemory = 80_000 // kB

func exportVolume(t *testing.T, address, db string, credential odoo.Credential) {
	t.Helper()
	program := built(t)
	environment := []string{
		"ODOO_URL=" + address, "ODOO_DB=" + db, "ODOO_LOGIN=" + credential.Login, "ODOO_PASSWORD=" + credential.Password, "ODOO_API_KEY=",
		"ODOOGRAPH_DATABASE=" + filepath.Join(t.TempDir(), "odoograph.db"), "ODOOGRAPH_REDIS_URL=", "GOGC=", // which others set for the sake of tests
	}
	keys := exec.CommandContext(t.Context(), program, "keys", "create", "--name", "export", "--scopes", "*", "--quiet")
	keys.Env = append(os.Environ(), environment...)
	out, err := keys.Output()
	if err != nil {
		t.Fatal(err)
	}
	e := exporter{t: t, key: strings.TrimSpace(string(out))}
	want := e.ids(address, db, credential)
	t.Logf("%d partners", len(want))

	var place string
	var gateway *replica
	media := []string{"application/x-ndjson", "text/csv"}
	peak := exportMemory + 1
	for try := 0; try < 3 && peak > exportMemory; try++ { // on a busy machine the collector falls behind
		place = freeport.Address(t)
		gateway = startAt(t, place, program, environment)
		for _, media := range media {
			start := time.Now()
			ids, _ := e.read(gateway.url, media, "", -1)
			t.Logf("%s: %d in %v", media, len(ids), time.Since(start).Round(time.Millisecond))
			if !slices.Equal(ids, want) {
				t.Errorf("%s: %d of %d, or in another order", media, len(ids), len(want))
			}
		}
		peak = residentPeak(t, gateway.command.Process.Pid)
		t.Logf("%d kB resident, at most", peak)
	}
	if peak > exportMemory {
		t.Errorf("an export takes more than %d kB", exportMemory)
	}
	for _, media := range media {
		first, cursor := e.read(gateway.url, media, "", len(want)/3)
		rest, _ := e.read(gateway.url, media, cursor, -1)
		if !slices.Equal(slices.Concat(first, rest), want) {
			t.Errorf("%s, left and begun again: %d and %d of %d", media, len(first), len(rest), len(want))
		}
	}

	killed := make(chan struct{})
	e.onRecord = func(n int) {
		if n == len(want)/2 {
			gateway.kill()
			close(killed)
		}
	}
	first, cursor := e.read(gateway.url, "application/x-ndjson", "", -1)
	<-killed
	e.onRecord = nil
	again := startAt(t, place, program, environment)
	rest, _ := e.read(again.url, "application/x-ndjson", cursor, -1)
	if len(first) == len(want) || !slices.Equal(slices.Concat(first, rest), want) {
		t.Errorf("killed and begun again: %d and %d of %d", len(first), len(rest), len(want))
	}
}

type exporter struct {
	t        *testing.T
	key      string
	onRecord func(n int)
}

// read reads an export from a cursor on, so many records of it or all that come,
// and returns their ids and the cursor of the last one.
func (e *exporter) read(base, media, cursor string, most int) (ids []int64, last string) {
	e.t.Helper()
	request, err := http.NewRequest(http.MethodGet, base+"/api/v1/partners?with_cursor=true&cursor="+url.QueryEscape(cursor), http.NoBody)
	if err != nil {
		e.t.Fatal(err)
	}
	request.Header.Set("Accept", media)
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("Authorization", "ApiKey "+e.key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		e.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(response.Body)
		e.t.Fatalf("%s: %s", response.Status, text)
	}
	next := ndjson(response.Body)
	if media == "text/csv" {
		next = e.table(response.Body)
	}
	for len(ids) != most {
		id, cursor, ok := next()
		if !ok {
			break
		}
		ids, last = append(ids, id), cursor
		if e.onRecord != nil {
			e.onRecord(len(ids))
		}
	}
	return ids, last
}

// ndjson reads whole lines of NDJSON; the last one may be cut off.
func ndjson(body io.Reader) func() (int64, string, bool) {
	reader := bufio.NewReader(body)
	return func() (int64, string, bool) {
		line, err := reader.ReadBytes('\n')
		var record struct {
			ID     int64
			Cursor string
		}
		if err != nil || json.Unmarshal(line, &record) != nil {
			return 0, "", false
		}
		return record.ID, record.Cursor, true
	}
}

// table reads the lines of CSV behind the first one.
func (e *exporter) table(body io.Reader) func() (int64, string, bool) {
	reader := csv.NewReader(body)
	names, err := reader.Read()
	if err != nil || names[0] != "id" || names[len(names)-1] != "cursor" {
		e.t.Fatalf("%v %v", names, err)
	}
	return func() (int64, string, bool) {
		cells, err := reader.Read()
		if err != nil {
			return 0, "", false
		}
		id, err := strconv.ParseInt(cells[0], 10, 64)
		return id, cells[len(cells)-1], err == nil
	}
}

// ids asks Odoo itself for the numbers of all partners.
func (e *exporter) ids(address, db string, credential odoo.Credential) []int64 {
	e.t.Helper()
	call := func(service, method string, args ...any) json.RawMessage {
		body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": "call", "params": map[string]any{"service": service, "method": method, "args": args}})
		if err != nil {
			e.t.Fatal(err)
		}
		response, err := http.Post(address+"/jsonrpc", "application/json", bytes.NewReader(body))
		if err != nil {
			e.t.Fatal(err)
		}
		defer response.Body.Close()
		var answer struct{ Result, Error json.RawMessage }
		if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Error != nil {
			e.t.Fatalf("%v %s", err, answer.Error)
		}
		return answer.Result
	}
	uid := call("common", "login", db, credential.Login, credential.Password)
	var ids []int64
	found := call("object", "execute_kw", db, uid, credential.Password, "res.partner", "search", []any{[]any{}}, map[string]any{"order": "id"})
	if err := json.Unmarshal(found, &ids); err != nil {
		e.t.Fatal(err)
	}
	return ids
}

// residentPeak is the most memory that a process had, in kB.
func residentPeak(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("this system does not tell how much memory a process has")
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			peak, err := strconv.Atoi(strings.Fields(value)[0])
			if err != nil {
				t.Fatal(err)
			}
			return peak
		}
	}
	t.Fatal("no peak")
	return 0
}
