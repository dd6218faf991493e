package snippet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// demoKey is the API key of every demo.
const demoKey = "odg_demo"

// graphql sends a document to the gateway. Errors fail the block, unless the answer
// below shows them.
func (p *place) graphql(ctx context.Context, s *step, text string) (string, error) {
	request := map[string]any{"query": text}
	if s.variables != nil {
		request["variables"] = json.RawMessage(p.Replace(s.variables.Text))
	}
	body, err := json.Marshal(request)
	if err != nil {
		return "", err
	}
	message, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	message.Header.Set("Authorization", "Bearer "+demoKey)
	message.Header.Set("Content-Type", "application/json")
	_, answer, err := send(message)
	if err != nil {
		return "", err
	}
	var result any
	if err := json.Unmarshal([]byte(answer), &result); err != nil {
		return "", err
	}
	if s.answer == nil && failed(result) {
		return "", fmt.Errorf("the gateway answers %s", answer)
	}
	return answer, nil
}

// failed tells whether an answer has errors, the user's or others, anywhere.
func failed(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			list, ok := member.([]any)
			if ok && len(list) > 0 && (name == "errors" || name == "userErrors") || failed(member) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(value, failed)
	}
	return false
}

// http sends a request as it is written. A status from 400 on fails the block,
// unless there is an answer below.
func (p *place) http(ctx context.Context, s *step, text string) (string, error) {
	reader := bufio.NewReader(strings.NewReader(text + "\r\n\r\n"))
	first, err := reader.ReadString('\n')
	if err != nil {
		return "", err
	}
	words := strings.Fields(first)
	if len(words) < 2 {
		return "", errors.New("the first line must have a method and a path")
	}
	header, err := textproto.NewReader(reader).ReadMIMEHeader()
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		return "", err
	}
	message, err := http.NewRequestWithContext(ctx, words[0], "http://"+p.address+words[1], strings.NewReader(strings.TrimSpace(string(body))))
	if err != nil {
		return "", err
	}
	header.Del("Host")
	message.Header = http.Header(header)
	response, answer, err := send(message)
	if err != nil {
		return "", err
	}
	switch {
	case s.answer == nil && response.StatusCode >= http.StatusBadRequest:
		return "", fmt.Errorf("the gateway answers %s: %s", response.Status, answer)
	case s.answer != nil && s.answer.Language == "http":
		var head bytes.Buffer
		_ = response.Header.Write(&head) // to memory
		answer = response.Proto + " " + response.Status + "\n" + head.String() + "\n" + answer
	}
	return answer, nil
}

func send(message *http.Request) (*http.Response, string, error) {
	response, err := http.DefaultClient.Do(message)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}
