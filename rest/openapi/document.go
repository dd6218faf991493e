package openapi

import (
	"bytes"
	"encoding/json"
)

// Document is an OpenAPI document, as far as one is needed here. Its members are
// those of the OpenAPI Specification 3.1.
type Document struct {
	OpenAPI    string                `json:"openapi"`
	Info       Info                  `json:"info"`
	Servers    []Server              `json:"servers"`
	Security   []map[string][]string `json:"security"`
	Tags       []Tag                 `json:"tags"`
	Paths      Ordered[*PathItem]    `json:"paths"`
	Components Components            `json:"components"`
}

// Info says what the document is about.
type Info struct {
	Title       string            `json:"title"`
	Version     string            `json:"version"`
	Summary     string            `json:"summary"`
	Description string            `json:"description"`
	Contact     map[string]string `json:"contact"`
	License     map[string]string `json:"license"`
}

// Server is where the API is.
type Server struct {
	URL         string `json:"url"`
	Description string `json:"description"`
	Internal    bool   `json:"x-internal"`
}

// Tag is a group of operations.
type Tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// PathItem has the operations of a path, by method.
type PathItem struct {
	Get    *Operation `json:"get,omitempty"`
	Put    *Operation `json:"put,omitempty"`
	Post   *Operation `json:"post,omitempty"`
	Delete *Operation `json:"delete,omitempty"`
	Patch  *Operation `json:"patch,omitempty"`
}

// Operation is a method on a path.
type Operation struct {
	OperationID string             `json:"operationId"`
	Summary     string             `json:"summary"`
	Description string             `json:"description"`
	Tags        []string           `json:"tags"`
	Deprecated  bool               `json:"deprecated,omitempty"`
	Sunset      string             `json:"x-sunset,omitempty"`
	Scopes      []string           `json:"x-required-scopes"`
	Parameters  []*Parameter       `json:"parameters,omitempty"`
	RequestBody *RequestBody       `json:"requestBody,omitempty"`
	Responses   Ordered[*Response] `json:"responses"`
}

// Parameter is a part of a request beside its body, or a reference to one.
type Parameter struct {
	Ref         string  `json:"$ref,omitempty"`
	Name        string  `json:"name,omitempty"`
	In          string  `json:"in,omitempty"`
	Description string  `json:"description,omitempty"`
	Required    bool    `json:"required,omitempty"`
	Style       string  `json:"style,omitempty"`
	Explode     *bool   `json:"explode,omitempty"`
	Schema      *Schema `json:"schema,omitempty"`
}

// RequestBody is the body of a request, by media type.
type RequestBody struct {
	Description string          `json:"description"`
	Required    bool            `json:"required"`
	Content     Ordered[*Media] `json:"content"`
}

// Response is an answer, or a reference to one.
type Response struct {
	Ref         string           `json:"$ref,omitempty"`
	Description string           `json:"description,omitempty"`
	Headers     Ordered[*Header] `json:"headers,omitempty"`
	Content     Ordered[*Media]  `json:"content,omitempty"`
}

// Media is a body in one media type.
type Media struct {
	Schema   *Schema           `json:"schema"`
	Examples Ordered[*Example] `json:"examples,omitempty"`
}

// Example is an example, or a reference to one.
type Example struct {
	Ref     string `json:"$ref,omitempty"`
	Summary string `json:"summary,omitempty"`
	Value   any    `json:"value,omitempty"`
}

// Header is a header of an answer, or a reference to one.
type Header struct {
	Ref         string  `json:"$ref,omitempty"`
	Description string  `json:"description,omitempty"`
	Schema      *Schema `json:"schema,omitempty"`
}

// SecurityScheme is a way of sending the API key.
type SecurityScheme struct {
	Type        string `json:"type"`
	Scheme      string `json:"scheme,omitempty"`
	In          string `json:"in,omitempty"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description"`
}

// Components are what the rest of the document refers to.
type Components struct {
	Schemas         map[string]*Schema       `json:"schemas"`
	Responses       map[string]*Response     `json:"responses"`
	Parameters      map[string]*Parameter    `json:"parameters"`
	Examples        map[string]*Example      `json:"examples"`
	Headers         map[string]*Header       `json:"headers"`
	SecuritySchemes Ordered[*SecurityScheme] `json:"securitySchemes"`
}

// JSON returns the document as JSON, the same for the same version.
func (d *Document) JSON() ([]byte, error) {
	var flat, out bytes.Buffer
	if err := encode(&flat, d); err != nil {
		return nil, err
	}
	err := json.Indent(&out, flat.Bytes(), "", "  ")
	return out.Bytes(), err
}

// YAML returns the document as YAML.
func (d *Document) YAML() ([]byte, error) {
	text, err := d.JSON()
	if err != nil {
		return nil, err
	}
	return YAML(text)
}
