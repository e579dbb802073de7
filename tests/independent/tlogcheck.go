// Verifies our evidence with somebody else's transparency log code: golang.org/x/mod/sumdb/note and tlog, as Debian ships
// them. Nothing of Lũy is used but its files. Prints what it verified, or fails on the first thing that is wrong.
//
//	tlogcheck VKEY-FILE PACKAGE            a package of `luy evidence export`: every record's proof
//	tlogcheck VKEY-FILE PACKAGE NOTES      and, for a package of all records from 0: every checkpoint in the folder NOTES
//	                                       is the tree of those records, and each tree continues the smaller ones
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const proofHeader = "c2sp.org/tlog-proof@v1"

type checkpoint struct {
	tree tlog.Tree
	text string
}

func must[T any](value T, err error) func(string) T {
	return func(what string) T {
		if err != nil {
			fail("%s: %v", what, err)
		}
		return value
	}
}

func fail(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, "NOT INTACT: "+format+"\n", arguments...)
	os.Exit(1)
}

func read(path string) string { return string(must(os.ReadFile(path))(path)) }

// keyring is who may sign: the root, and what certificates add (docs/format/signer.md).
type keyring struct {
	root       note.Verifier
	certifiers []certifier
	days       map[uint32]string // Of days' keys by their hash.
	signers    []note.Verifier
}

type certifier struct {
	from     string
	verifier note.Verifier
}

func newKeyring(root note.Verifier) *keyring {
	return &keyring{root, []certifier{{"", root}}, map[uint32]string{}, []note.Verifier{root}}
}

// add follows a file of certificates, each a signed note of five lines, successors before what they certify.
func (k *keyring) add(text string) {
	lines := strings.SplitAfter(text, "\n")
	for ; len(lines) > 5; lines = lines[5:] {
		certificate := strings.Join(lines[:5], "")
		from := strings.TrimSuffix(lines[1], "\n")
		var allowed []note.Verifier
		for _, c := range k.certifiers {
			if c.from <= from {
				allowed = append(allowed, c.verifier)
			}
		}
		signed := must(note.Open([]byte(certificate), note.VerifierList(allowed...)))("certificate")
		verifier := must(note.NewVerifier(strings.Split(signed.Text, "\n")[2]))("certificate")
		switch strings.Split(signed.Text, "\n")[0] {
		case k.root.Name() + "/successor":
			k.certifiers = append(k.certifiers, certifier{from, verifier})
		case k.root.Name() + "/key":
			k.signers = append(k.signers, verifier)
			k.days[verifier.KeyHash()] = from
		default:
			fail("a certificate of another name")
		}
	}
	if strings.Join(lines, "") != "" {
		fail("certificates: cut short")
	}
}

// openCheckpoint verifies the signature and reads C2SP tlog-checkpoint: origin, size, root.
func (k *keyring) openCheckpoint(text string) (checkpoint, string) {
	signed := must(note.Open([]byte(text), note.VerifierList(k.signers...)))("checkpoint")
	lines := strings.SplitN(signed.Text, "\n", 4)
	if len(lines) < 4 || lines[0] != k.root.Name() {
		fail("not a checkpoint of %s", k.root.Name())
	}
	size := must(strconv.ParseInt(lines[1], 10, 64))("size")
	root := must(tlog.ParseHash(lines[2]))("root")
	return checkpoint{tlog.Tree{N: size, Hash: root}, text}, k.days[signed.Sigs[0].Hash]
}

// readProof reads C2SP tlog-proof: header, index, path, empty line, checkpoint.
func readProof(path string) (int64, tlog.RecordProof, string) {
	head, note, found := strings.Cut(read(path), "\n\n")
	if !found {
		fail("%s: no checkpoint", path)
	}
	lines := strings.Split(head, "\n")
	if len(lines) < 2 || lines[0] != proofHeader || !strings.HasPrefix(lines[1], "index ") {
		fail("%s: not a %s", path, proofHeader)
	}
	index := must(strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64))(path)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		proof = append(proof, must(tlog.ParseHash(line))(path))
	}
	return index, proof, note
}

// checkRecords verifies every proof of a package and returns the hashes of its records by number.
func checkRecords(folder string, keys *keyring) map[int64]tlog.Hash {
	whole, day := keys.openCheckpoint(read(filepath.Join(folder, "checkpoint")))
	leaves := must(filepath.Glob(filepath.Join(folder, "records", "*.leaf")))(folder)
	if len(leaves) == 0 {
		fail("%s: no records", folder)
	}
	hashes := map[int64]tlog.Hash{}
	for _, leaf := range leaves {
		index, proof, text := readProof(strings.TrimSuffix(leaf, ".leaf") + ".tlog-proof")
		if text != whole.text {
			fail("%s: another checkpoint than the package's", leaf)
		}
		data := read(leaf)
		// A leaf names its own place: version, then the number (docs/format/evidence.md).
		if len(data) < 17 || int64(binary.BigEndian.Uint64([]byte(data[1:9]))) != index {
			fail("%s: the record says another number than its proof", leaf)
		}
		// Nothing in the tree was received after the day whose key signed it (of Vietnam, UTC+7).
		received := time.UnixMicro(int64(binary.BigEndian.Uint64([]byte(data[9:17])))).UTC().Add(7 * time.Hour)
		if day != "" && received.Format("2006-01-02") > day {
			fail("%s: signed with the key of another day, %s", leaf, day)
		}
		hashes[index] = tlog.RecordHash([]byte(data))
		if err := tlog.CheckRecord(proof, whole.tree.N, whole.tree.Hash, index, hashes[index]); err != nil {
			fail("%s: %v", leaf, err)
		}
	}
	return hashes
}

// checkHistory builds the tree from the records and holds every checkpoint against it, and against each smaller one.
func checkHistory(hashes map[int64]tlog.Hash, folder string, keys *keyring) int {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, fmt.Errorf("hash %d is not there", index)
			}
			found = append(found, stored[index])
		}
		return found, nil
	})
	for seq := int64(0); seq < int64(len(hashes)); seq++ {
		hash, there := hashes[seq]
		if !there {
			fail("record %d is absent: the history needs all of them", seq)
		}
		stored = append(stored, must(tlog.StoredHashesForRecordHash(seq, hash, reader))("tree")...)
	}
	var trees []tlog.Tree
	for _, file := range must(filepath.Glob(filepath.Join(folder, "*")))(folder) {
		opened, _ := keys.openCheckpoint(read(file))
		tree := opened.tree
		if root := must(tlog.TreeHash(tree.N, reader))(file); root != tree.Hash {
			fail("%s: the records give the root %s", file, root)
		}
		trees = append(trees, tree)
	}
	sort.Slice(trees, func(a, b int) bool { return trees[a].N < trees[b].N })
	for i := 1; i < len(trees); i++ {
		if trees[i-1].N == 0 {
			continue
		}
		proof := must(tlog.ProveTree(trees[i].N, trees[i-1].N, reader))("consistency")
		if err := tlog.CheckTree(proof, trees[i].N, trees[i].Hash, trees[i-1].N, trees[i-1].Hash); err != nil {
			fail("the tree of %d does not continue that of %d: %v", trees[i].N, trees[i-1].N, err)
		}
	}
	return len(trees)
}

func main() {
	if len(os.Args) != 3 && len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "tlogcheck VKEY-FILE PACKAGE [NOTES]")
		os.Exit(2)
	}
	vkey := strings.TrimSpace(read(os.Args[1]))
	if _, key, _ := strings.Cut(vkey, "+"); key == "" {
		fail("%s: not a verifier key", os.Args[1])
	} else if _, err := base64.StdEncoding.DecodeString(key[strings.Index(key, "+")+1:]); err != nil {
		fail("%s: %v", os.Args[1], err)
	}
	keys := newKeyring(must(note.NewVerifier(vkey))(os.Args[1]))
	if certificates, err := os.ReadFile(filepath.Join(os.Args[2], "certificates")); err == nil {
		keys.add(string(certificates))
	}
	hashes := checkRecords(os.Args[2], keys)
	fmt.Printf("records %d\n", len(hashes))
	if len(os.Args) == 4 {
		fmt.Printf("checkpoints %d\n", checkHistory(hashes, os.Args[3], keys))
	}
}
