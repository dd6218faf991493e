package odootest

import (
	"io"
	"net/http"
	"strings"
)

// serveXMLRPC answers /xmlrpc/2/<service>: errors are faults with HTTP status
// 200.
func (s *Server) serveXMLRPC(w http.ResponseWriter, r *http.Request, service string) {
	if r.Method != http.MethodPost {
		a := s.page(http.StatusMethodNotAllowed, "Method Not Allowed", "The method is not allowed for the requested URL.")
		a.header = map[string]string{"Allow": "POST"}
		a.write(w)
		return
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return
	}
	name, params, err := decodeMethodCall(data)
	if err != nil {
		bad := &Exception{"xml.parsers.expat.ExpatError", err.Error()}
		q := inquiry{call: Call{Protocol: "xml-rpc", Service: service}, run: func() (any, error) { return nil, bad }}
		s.answerTo(w, r, q, s.xmlAnswer)
		return
	}
	s.answerTo(w, r, s.inquire("xml-rpc", remote(r), service, name, params), s.xmlAnswer)
}

// xmlAnswer writes a result or a fault. A result that XML-RPC has no form for,
// such as None, becomes a fault although the call was done.
func (s *Server) xmlAnswer(result any, err error) answer {
	w := xmlWriter{strip: s.series >= v17}
	w.WriteString("<params>\n<param>\n")
	if err == nil {
		err = w.value(result)
		w.WriteString("</param>\n</params>\n")
	}
	if err != nil {
		exception, ok := err.(*Exception)
		if !ok {
			panic(err)
		}
		w.Reset()
		w.fault(exception.faultCode(), s.faultText(exception))
	}
	top, bottom := "<?xml version='1.0'?>\n<methodResponse>\n", "</methodResponse>\n"
	if s.series >= v17 {
		top, bottom = "<?xml version=\"1.0\"?>\n<methodResponse>\n", "\n</methodResponse>\n"
	}
	return answer{status: http.StatusOK, contentType: "text/xml; charset=utf-8", body: []byte(top + w.String() + bottom)}
}

// faultText is the message of Odoo's own exceptions and the whole traceback of
// all others.
func (s *Server) faultText(e *Exception) string {
	switch {
	case e.Class == classRedirectWarning:
		return pythonTuple(e.arguments())
	case e.faultCode() != 1:
		return e.Message
	}
	entry := "addons/base/controllers/rpc.py\", line 69, in xmlrpc_2"
	if s.series >= v17 {
		entry = "addons/rpc/controllers/xmlrpc.py\", line 162, in xmlrpc_2"
	}
	return strings.ReplaceAll(e.traceback(s.series, entry), "\x00", "")
}
