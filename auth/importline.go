package auth

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// importLine is one key of a file: an object of JSON Lines, or a row of CSV
// whose header has these names.
type importLine struct {
	number int

	Name         string    `json:"name"`
	Key          string    `json:"key"`
	Scopes       words     `json:"scopes"`
	ExpiresAt    string    `json:"expiresAt"`
	Rate         number    `json:"rate"`
	CostCapacity number    `json:"costCapacity"`
	CostRestore  number    `json:"costRestore"`
	Origins      words     `json:"origins"`
	Networks     words     `json:"networks"`
	Documents    Documents `json:"documents"`
	OdooLogin    string    `json:"odooLogin"`
	OdooPassword string    `json:"odooPassword"`
	OdooAPIKey   string    `json:"odooApiKey"`
}

// words are an array of JSON, or a text with blanks or commas between them.
type words []string

// UnmarshalJSON implements json.Unmarshaler.
func (w *words) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return json.Unmarshal(data, (*[]string)(w))
	}
	*w = strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
	return nil
}

// number is one of JSON, or a text that holds one, as CSV has it.
type number int

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(data []byte) error {
	value, err := strconv.Atoi(strings.Trim(string(data), `"`))
	if err != nil {
		return errors.New("a limit is a whole number")
	}
	*n = number(value)
	return nil
}

// maxLine bounds one line of JSON.
const maxLine = 1 << 20

// readLines reads a file in either format; an object begins with a brace.
func readLines(file io.Reader) ([]importLine, error) {
	buffered := bufio.NewReaderSize(file, 4096)
	if mark, _ := buffered.Peek(3); string(mark) == "\ufeff" { // spreadsheets write one
		_, _ = buffered.Discard(len(mark))
	}
	start, err := buffered.Peek(1)
	if err != nil {
		return nil, fmt.Errorf("the file holds no keys: %w", err)
	}
	if start[0] == '{' {
		return readJSON(buffered)
	}
	return readCSV(buffered)
}

func readJSON(file io.Reader) ([]importLine, error) {
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, maxLine)
	var lines []importLine
	number := 0
	for scanner.Scan() {
		number++
		if len(bytes.TrimSpace(scanner.Bytes())) == 0 {
			continue
		}
		line, err := decodeLine(scanner.Bytes(), number)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", number+1, err)
	}
	return lines, nil
}

func readCSV(file io.Reader) ([]importLine, error) {
	reader := csv.NewReader(file)
	reader.TrimLeadingSpace = true
	header, err := reader.Read()
	if err != nil {
		return nil, err
	}
	var lines []importLine
	for {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, err // names the line
		}
		object := map[string]string{}
		for i, value := range row {
			if value != "" {
				object[header[i]] = value
			}
		}
		text, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		at, _ := reader.FieldPos(0)
		line, err := decodeLine(text, at)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
}

// decodeLine refuses names that it does not know: one with a typing error in it
// would leave a key without the limit that was meant.
func decodeLine(text []byte, number int) (importLine, error) {
	line := importLine{number: number}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&line); err != nil {
		return line, fmt.Errorf("line %d: %w", number, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return line, fmt.Errorf("line %d: there is more than one object", number)
	}
	return line, nil
}
