// Verifies what a witness cosigned with somebody else's code: golang.org/x/mod/sumdb/note, as Debian ships it, opens the
// note; the cosignature itself (c2sp.org/tlog-cosignature, Ed25519) is a note.Verifier of thirty lines. Nothing of Lũy is
// used but its files. Prints how many notes it verified, or fails on the first thing that is wrong.
//
//	cosigncheck WITNESS-VKEY-FILE COSIGNED-FILE...
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

const header = "luy-cosigned 1\n"

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "NOT COSIGNED: "+format+"\n", arguments...)
	os.Exit(1)
}

func read(path string) string {
	bytes, err := os.ReadFile(path)
	if err != nil {
		fail("%v", err)
	}
	return string(bytes)
}

type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	var message bytes.Buffer
	fmt.Fprintf(&message, "cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	message.Write(text)
	return ed25519.Verify(w.key, message.Bytes(), signature[8:])
}

// newWitness reads a vkey of type 4 and computes its hash anew.
func newWitness(vkey string) witness {
	parts := strings.SplitN(strings.TrimSpace(vkey), "+", 3)
	if len(parts) != 3 {
		fail("vkey")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		fail("vkey: not a key of cosignature/v1")
	}
	digest := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if fmt.Sprintf("%x", digest[:4]) != parts[1] {
		fail("vkey: hash")
	}
	return witness{parts[0], binary.BigEndian.Uint32(digest[:4]), key[1:]}
}

// split takes the notes of a file apart: text, an empty line, lines of signatures.
func split(text string) []string {
	if !strings.HasPrefix(text, header) {
		fail("not a file of cosigned notes")
	}
	rest := text[len(header):]
	var notes []string
	for rest != "" {
		at := strings.Index(rest, "\n\n")
		if at < 0 {
			fail("cut short")
		}
		end := at + 2
		for strings.HasPrefix(rest[end:], "\u2014 ") {
			end += strings.Index(rest[end:], "\n") + 1
		}
		notes = append(notes, rest[:end])
		rest = rest[end:]
	}
	return notes
}

func main() {
	if len(os.Args) < 3 {
		fail("usage: cosigncheck WITNESS-VKEY-FILE COSIGNED-FILE...")
	}
	verifiers := note.VerifierList(newWitness(read(os.Args[1])))
	count := 0
	for _, path := range os.Args[2:] {
		for _, one := range split(read(path)) {
			if _, err := note.Open([]byte(one), verifiers); err != nil {
				fail("%s: %v", path, err)
			}
			count++
		}
	}
	fmt.Printf("notes %d\n", count)
}
