// Goal: a detection means what the Sigma 2.1 specification says, down to the places where engines differ.
// Method: one row per statement: a detection, an event, and whether they match; each row runs through every matcher.
#include <gtest/gtest.h>

#include "detect/error.h"
#include "detect/match_fixture.h"

namespace luy::detect {
namespace {

struct Row {
  const char* says;
  const char* detection;  // YAML, the value of "detection" in flow style.
  const char* event;      // JSON.
  bool match;
};

constexpr Row rows[] = {
    // Values.
    {"case does not matter", "{s: {A: 'PoWer'}, condition: s}", R"({"A":"pOWER"})", true},
    {"nor in Vietnamese", "{s: {A|contains: 'ĐƯỜNG'}, condition: s}", R"({"A":"x đường y"})", true},
    {"cased heeds case", "{s: {A|cased: 'Power'}, condition: s}", R"({"A":"power"})", false},
    {"cased contains", "{s: {A|contains|cased: 'owE'}, condition: s}", R"({"A":"PowEr"})", true},
    {"field names heed case", "{s: {a: 'x'}, condition: s}", R"({"A":"x"})", false},
    {"a number is its text", "{s: {A: 4688}, condition: s}", R"({"A":"4688"})", true},
    {"a text is its number", "{s: {A: '4688'}, condition: s}", R"({"A":4688})", true},
    {"4688.0 is 4688", "{s: {A: 4688}, condition: s}", R"({"A":4688.0})", true},
    {"4.688e3 is 4688", "{s: {A: 4688}, condition: s}", R"({"A":4.688e3})", true},
    {"true is its text", "{s: {A: true}, condition: s}", R"({"A":true})", true},
    {"True in quotes too", "{s: {A: 'True'}, condition: s}", R"({"A":true})", true},
    {"Kelvin folds to k", "{s: {A: 'kelvin'}, condition: s}", R"({"A":"\u212Aelvin"})", true},
    {"long s folds to s", "{s: {A|contains: 'pass'}, condition: s}", R"({"A":"xpa\u017F\u017Fy"})", true},
    {"a whole value, not a part", "{s: {A: 'b'}, condition: s}", R"({"A":"abc"})", false},
    {"the empty text", "{s: {A: ''}, condition: s}", R"({"A":""})", true},
    {"is not any text", "{s: {A: ''}, condition: s}", R"({"A":"x"})", false},
    {"nor null", "{s: {A: ''}, condition: s}", R"({"A":null})", false},
    {"containing nothing is being there", "{s: {A|contains: ''}, condition: s}", R"({"A":"x"})", true},
    {"and null is not there", "{s: {A|contains: ''}, condition: s}", R"({"A":null})", false},
    {"nor is an absent field", "{s: {A|contains: ''}, condition: s}", R"({"B":"x"})", false},
    // Wildcards.
    {"* is any run", "{s: {A: 'a*c'}, condition: s}", R"({"A":"abbbc"})", true},
    {"* may be empty", "{s: {A: 'a*c'}, condition: s}", R"({"A":"ac"})", true},
    {"* crosses lines", "{s: {A: 'a*c'}, condition: s}", R"({"A":"a\nb\nc"})", true},
    {"? is one", "{s: {A: 'a?c'}, condition: s}", R"({"A":"abc"})", true},
    {"? is not none", "{s: {A: 'a?c'}, condition: s}", R"({"A":"ac"})", false},
    {"? is a character, not a byte", "{s: {A: 'a?c'}, condition: s}", R"({"A":"aếc"})", true},
    {"?? is not one character", "{s: {A: 'a??c'}, condition: s}", R"({"A":"aếc"})", false},
    {"an escaped star", R"({s: {A: 'a\*c'}, condition: s})", R"({"A":"a*c"})", true},
    {"is no wildcard", R"({s: {A: 'a\*c'}, condition: s})", R"({"A":"abc"})", false},
    {"an escaped question mark", R"({s: {A: 'a\?c'}, condition: s})", R"({"A":"abc"})", false},
    {"two backslashes are one", R"({s: {A: 'a\\c'}, condition: s})", R"({"A":"a\\c"})", true},
    {"one is itself", R"({s: {A: 'a\c'}, condition: s})", R"({"A":"a\\c"})", true},
    {"two and a star: one and a wildcard", R"({s: {A: 'a\\*'}, condition: s})", R"({"A":"a\\bcd"})", true},
    {"three and a star: one and a star", R"({s: {A: 'a\\\*'}, condition: s})", R"({"A":"a\\*"})", true},
    {"four are two", R"({s: {A: 'a\\\\c'}, condition: s})", R"({"A":"a\\\\c"})", true},
    {"contains with a wildcard inside", "{s: {A|contains: 'b*d'}, condition: s}", R"({"A":"abcde"})", true},
    {"endswith", R"({s: {A|endswith: '\cmd.exe'}, condition: s})", R"({"A":"C:\\CMD.EXE"})", true},
    {"endswith is not contains", "{s: {A|endswith: 'b'}, condition: s}", R"({"A":"abc"})", false},
    {"startswith", "{s: {A|startswith: 'ab'}, condition: s}", R"({"A":"ABc"})", true},
    // Lists and maps.
    {"a list is OR", "{s: {A: [x, y]}, condition: s}", R"({"A":"y"})", true},
    {"all is AND", "{s: {A|contains|all: [x, y]}, condition: s}", R"({"A":"y"})", false},
    {"all holds", "{s: {A|contains|all: [x, y]}, condition: s}", R"({"A":"yx"})", true},
    {"a map is AND", "{s: {A: x, B: y}, condition: s}", R"({"A":"x","B":"z"})", false},
    {"a list of maps is OR", "{s: [{A: x}, {B: y}], condition: s}", R"({"B":"y"})", true},
    {"any element of a list counts", "{s: {A: y}, condition: s}", R"({"A":["x","y"]})", true},
    {"all over elements", "{s: {A|contains|all: [x, y]}, condition: s}", R"({"A":["x","y"]})", true},
    {"objects in lists", "{s: {A.b: y}, condition: s}", R"({"A":[{"b":"x"},{"b":"y"}]})", true},
    {"nested is dotted", "{s: {A.b.c: y}, condition: s}", R"({"A":{"b":{"c":"y"}}})", true},
    {"dotted is dotted", "{s: {A.b.c: y}, condition: s}", R"({"A.b.c":"y"})", true},
    {"blanks in names are dropped", "{s: {ThreatName: y}, condition: s}", R"({"Threat Name":"y"})", true},
    // Null and absence.
    {"null is missing", "{s: {A: null}, condition: s}", R"({"B":1})", true},
    {"or null", "{s: {A: null}, condition: s}", R"({"A":null})", true},
    {"but not empty", "{s: {A: null}, condition: s}", R"({"A":""})", false},
    {"absent is false", "{s: {A: x}, condition: s}", R"({"B":1})", false},
    {"not of absent is true", "{s: {A: x}, condition: not s}", R"({"B":1})", true},
    {"exists", "{s: {A|exists: true}, condition: s}", R"({"A":null})", true},
    {"exists: false", "{s: {A|exists: false}, condition: s}", R"({"A":null})", false},
    {"exists: false, absent", "{s: {A|exists: false}, condition: s}", R"({"B":null})", true},
    {"neq", "{s: {A|neq: x}, condition: s}", R"({"A":"y"})", true},
    {"neq of the same", "{s: {A|neq: x}, condition: s}", R"({"A":"X"})", false},
    {"neq of several differs from all", "{s: {A|neq: [x, y]}, condition: s}", R"({"A":"y"})", false},
    {"neq needs the field", "{s: {A|neq: x}, condition: s}", R"({"B":"y"})", false},
    // Numbers and times.
    {"gt on numbers", "{s: {A|gt: 9}, condition: s}", R"({"A":10})", true},
    {"gt on numeric text", "{s: {A|gt: 9}, condition: s}", R"({"A":"10"})", true},
    {"gte", "{s: {A|gte: 10}, condition: s}", R"({"A":10.0})", true},
    {"lt", "{s: {A|lt: 10}, condition: s}", R"({"A":10})", false},
    {"lte of fractions", "{s: {A|lte: 0.5}, condition: s}", R"({"A":"0.25"})", true},
    {"lt of no number", "{s: {A|lt: 10}, condition: s}", R"({"A":"few"})", false},
    {"hour", "{s: {A|hour: 22}, condition: s}", R"({"A":"2026-11-22T22:05:01Z"})", true},
    {"hour with gte", "{s: {A|hour|gte: 22}, condition: s}", R"({"A":"2026-11-22 21:59:00.5"})", false},
    {"week of the ISO year", "{s: {A|week: 53}, condition: s}", R"({"A":"2027-01-01"})", true},
    {"month", "{s: {A|month: [1, 11]}, condition: s}", R"({"A":"2026-11-22"})", true},
    {"day of no date", "{s: {A|day: 31}, condition: s}", R"({"A":"2026-02-31"})", false},
    {"minute", "{s: {A|minute: 5}, condition: s}", R"({"A":"2026-11-22T22:05:01Z"})", true},
    {"year", "{s: {A|year|lt: 2027}, condition: s}", R"({"A":"2026-11-22"})", true},
    // Addresses.
    {"cidr", "{s: {A|cidr: 10.0.0.0/8}, condition: s}", R"({"A":"10.200.3.4"})", true},
    {"cidr is no text", "{s: {A|cidr: 10.0.0.0/8}, condition: s}", R"({"A":"10.200.3.4.example"})", false},
    {"cidr of six", "{s: {A|cidr: '2001:db8::/33'}, condition: s}", R"({"A":"2001:DB8:7fff::1"})", true},
    {"beyond six", "{s: {A|cidr: '2001:db8::/33'}, condition: s}", R"({"A":"2001:db8:8000::1"})", false},
    {"a loopback in long form", "{s: {A|cidr: '::1/128'}, condition: s}", R"({"A":"0:0:0:0:0:0:0:1"})", true},
    {"a link-local with its zone", "{s: {A|cidr: 'fe80::/10'}, condition: s}", R"({"A":"fe80::1%eth0"})", true},
    {"a range of one", "{s: {A|cidr: 127.0.0.1}, condition: s}", R"({"A":"127.0.0.1"})", true},
    {"a bit in the middle", "{s: {A|cidr: 172.16.0.0/12}, condition: s}", R"({"A":"172.32.0.1"})", false},
    // Regular expressions.
    {"re searches", "{s: {A|re: 'b+c'}, condition: s}", R"({"A":"abbbcd"})", true},
    {"re heeds case", "{s: {A|re: 'B+'}, condition: s}", R"({"A":"bbb"})", false},
    {"re|i does not", "{s: {A|re|i: 'B+'}, condition: s}", R"({"A":"bbb"})", true},
    {"the dot stops at a line", "{s: {A|re: 'a.b'}, condition: s}", R"({"A":"a\nb"})", false},
    {"s: it does not", "{s: {A|re|s: 'a.b'}, condition: s}", R"({"A":"a\nb"})", true},
    {"^ is the beginning", "{s: {A|re: '^b'}, condition: s}", R"({"A":"a\nb"})", false},
    {"m: of any line", "{s: {A|re|m: '^b'}, condition: s}", R"({"A":"a\nb"})", true},
    {"the dot is a character", "{s: {A|re: '^.$'}, condition: s}", R"({"A":"ế"})", true},
    {"an empty match is a match", "{s: {A|re: 'x*'}, condition: s}", R"({"A":"abc"})", true},
    {"re all", "{s: {A|re|all: ['a', 'b']}, condition: s}", R"({"A":"xa"})", false},
    // Encodings.
    {"windash", "{s: {A|contains|windash: ' -enc '}, condition: s}", R"({"A":"x /enc y"})", true},
    {"windash in Unicode", "{s: {A|windash|contains: ' /enc '}, condition: s}", R"({"A":"x ―enc y"})", true},
    {"each independently", "{s: {A|contains|windash: '-a -b'}, condition: s}", R"({"A":"/a –b"})", true},
    {"only at flags", "{s: {A|contains|windash: 'a-b'}, condition: s}", R"({"A":"a/b"})", false},
    {"base64", "{s: {A|base64: 'foo'}, condition: s}", R"({"A":"Zm9v"})", true},
    {"base64offset 0", "{s: {A|base64offset|contains: 'foobar'}, condition: s}", R"({"A":"xZm9vYmFyIQ=="})", true},
    {"base64offset 1", "{s: {A|base64offset|contains: 'foobar'}, condition: s}", R"({"A":"IWZvb2JhciE="})", true},
    {"base64offset 2", "{s: {A|base64offset|contains: 'foobar'}, condition: s}", R"({"A":"ISFmb29iYXIh"})", true},
    {"wide, then base64", "{s: {A|wide|base64offset|contains: 'ping'}, condition: s}", R"({"A":"cABpAG4AZwA="})", true},
    {"utf16be, then base64", "{s: {A|utf16be|base64: 'a'}, condition: s}", R"({"A":"AGE="})", true},
    {"utf16 has its mark", "{s: {A|utf16|base64: 'a'}, condition: s}", R"({"A":"//5hAA=="})", true},
    {"wide alone", "{s: {A|wide: 'ab'}, condition: s}", R"({"A":"a\u0000b\u0000"})", true},
    // Other fields.
    {"fieldref", "{s: {A|fieldref: B}, condition: s}", R"({"A":"x","B":"X"})", true},
    {"fieldref of different", "{s: {A|fieldref: B}, condition: s}", R"({"A":"x","B":"y"})", false},
    {"fieldref of absent", "{s: {A|fieldref: B}, condition: s}", R"({"A":"x"})", false},
    {"fieldref|startswith", "{s: {A|fieldref|startswith: B}, condition: s}", R"({"A":"xyz","B":"XY"})", true},
    {"fieldref|endswith", "{s: {A|fieldref|endswith: B}, condition: s}", R"({"A":"xyz","B":"YZ"})", true},
    {"fieldref|contains", "{s: {A|fieldref|contains: B}, condition: s}", R"({"A":"xyz","B":"Y"})", true},
    {"fieldref|cased", "{s: {A|fieldref|cased: B}, condition: s}", R"({"A":"x","B":"X"})", false},
    {"fieldref|neq", "{s: {A|fieldref|neq: B}, condition: s}", R"({"A":"x","B":"y"})", true},
    // Keywords.
    {"a keyword is anywhere", "{k: [evil], condition: k}", R"({"A":{"b":["x","an EVIL y"]}})", true},
    {"keywords are OR", "{k: [evil, bad], condition: k}", R"({"A":"so bad"})", true},
    {"keywords with all are AND", "{k: {'|all': [evil, bad]}, condition: k}", R"({"A":"evil","B":"good"})", false},
    {"in different values", "{k: {'|all': [evil, bad]}, condition: k}", R"({"A":"evil","B":"bad"})", true},
    {"a keyword stays in one value", "{k: ['a*b'], condition: k}", R"({"A":"xa","B":"bx"})", false},
    {"a keyword with a wildcard", "{k: ['a*b'], condition: k}", R"({"A":"xa--bx"})", true},
    {"a keyword with a backslash", R"({k: ['a\b'], condition: k})", R"({"A":"xa\\bx"})", true},
    {"a keyword hidden in escapes", "{k: [evil], condition: k}", R"({"A":"\u0065v\u0069l"})", true},
    {"a number as keyword", "{k: [4625], condition: k}", R"({"A":4625})", true},
    {"names are no values", "{k: [Alpha], condition: k}", R"({"Alpha":"x"})", false},
    {"keywords among maps", "{k: [evil, {A: x}], condition: k}", R"({"A":"x"})", true},
    {"a regex keyword", "{k: {'|re': 'e.il'}, condition: k}", R"({"A":"evil"})", true},
    // Conditions.
    {"1 of", "{a1: {A: x}, a2: {B: y}, condition: 1 of a*}", R"({"B":"y"})", true},
    {"all of", "{a1: {A: x}, a2: {B: y}, condition: all of a*}", R"({"B":"y"})", false},
    {"them leaves _ out", "{a: {A: x}, _b: {B: y}, condition: all of them}", R"({"A":"x"})", true},
    {"not binds tighter than and", "{a: {A: x}, b: {B: y}, condition: not a and b}", R"({"B":"y"})", true},
    {"and binds tighter than or", "{a: {A: x}, b: {B: y}, c: {C: z}, condition: a or b and c}", R"({"A":"x"})", true},
    {"brackets", "{a: {A: x}, b: {B: y}, c: {C: z}, condition: (a or b) and c}", R"({"A":"x"})", false},
    {"of binds tighter than not", "{a1: {A: x}, a2: {B: y}, condition: not 1 of a*}", R"({"B":"y"})", false},
    {"a list of conditions is OR", "{a: {A: x}, b: {B: y}, condition: [a, b]}", R"({"B":"y"})", true},
    {"words in capitals", "{a: {A: x}, b: {B: y}, condition: a OR NOT b}", R"({"A":"x"})", true},
    // Windows.
    {"XML attributes", "{s: {Provider_Name: p}, condition: s}",
     R"({"Event":{"System":{"Provider":{"#attributes":{"Name":"p"}}}}})", true},
    {"attributes beside a text", "{s: {EventID: 4, EventID_Qualifiers: 7}, condition: s}",
     R"({"Event":{"System":{"EventID":{"#attributes":{"Qualifiers":7},"#text":4}}}})", true},
    {"attributes kept apart", "{s: {Provider_Name: p}, condition: s}",
     R"({"Event":{"System":{"Provider_attributes":{"Name":"p"}}}})", true},
    {"event data", "{s: {Image: i}, condition: s}", R"({"Event":{"EventData":{"Image":"i"}}})", true},
    {"event data without an outer Event", "{s: {Image: i, EventID: 7}, condition: s}",
     R"({"System":{"EventID":{"Value":7}},"EventData":{"Image":"i"}})", true},
    {"one named datum that is no list", "{s: {Image: i}, condition: s}",
     R"({"Event":{"EventData":{"Data":{"@Name":"Image","#text":"i"}}}})", true},
    {"a name among attributes", "{s: {Image: i}, condition: s}",
     R"({"Event":{"EventData":{"Data":{"#attributes":{"Name":"Image"},"#text":"i"}}}})", true},
    {"a name behind the text", "{s: {Image: i, B: b}, condition: s}",
     R"({"Event":{"EventData":{"Data":[{"#text":"i","@Name":"Image"},{"#text":"b","@Name":"B"}]}}})", true},
    {"data without names are all there", "{s: {Data|all: [x, y]}, condition: s}",
     R"({"Event":{"EventData":{"Data":[{"#text":"x"},{"#text":"y"}]}}})", true},
    {"a list of texts in one datum", "{s: {Data|contains|all: [x, y]}, condition: s}",
     R"({"Event":{"EventData":{"Data":{"#text":["ax","by"]},"Binary":null}}})", true},
    {"data as a list of texts", "{s: {Data|contains: b}, condition: s}",
     R"({"Event":{"EventData":{"Data":["ax","by"]}}})", true},
    {"data as one text", "{s: {Data|contains: b}, condition: s}", R"({"Event":{"EventData":{"Data":"by"}}})", true},
    {"no event data", "{s: {Data: null, EventID: 7}, condition: s}",
     R"({"Event":{"System":{"EventID":7},"EventData":null}})", true},
    {"event data that is a text", "{s: [ex], condition: s}", R"({"Event":{"EventData":"text"}})", true},
    {"event data that is empty", "{s: {EventID: 7}, condition: s}",
     R"({"Event":{"EventData":{},"System":{"EventID":"7"}}})", true},
    {"a number with qualifiers", "{s: {EventID: 7045}, condition: s}",
     R"({"Event":{"System":{"EventID":{"#attributes":{"Qualifiers":16384},"#text":7045}}}})", true},
    {"its qualifiers", "{s: {EventID_Qualifiers: 16384}, condition: s}",
     R"({"Event":{"System":{"EventID":{"@Qualifiers":"16384","#text":"7045"}}}})", true},
    {"attributes kept apart", "{s: {Provider_Name: p, EventID: 7}, condition: s}",
     R"({"Event":{"System":{"EventID":7,"EventID_attributes":{"Qualifiers":1},"Provider_attributes":{"Name":"p"}}}})",
     true},
    {"data of a user's own shape", "{s: {SubjectUserName: u, Channel: x}, condition: s}",
     R"({"Event":{"System":{"Channel":"System"},"UserData":{"LogFileCleared":{"#attributes":{"xmlns":"n"},)"
     R"("SubjectUserName":"u","Channel":"x"}}}})",
     true},
    {"blanks in names", "{s: {ThreatName: t}, condition: s}", R"({"Event":{"EventData":{"Threat Name":"t"}}})", true},
    {"hexadecimal is text", "{s: {AccessMask: '0x1F'}, condition: s}", R"({"AccessMask":"0x1f"})", true},
    {"a path like an escape hides no keyword", R"({s: ['b\user1'], condition: s})", R"({"A":"b\\user1"})", true},
    {"nor does an escape", "{s: [secret], condition: s}", R"({"A":"\u0073ecret","B":"b\\user1"})", true},
    {"a backslash and an escape", "{s: [secret], condition: s}", R"({"A":"\\\u0073ecret"})", true},
    {"two backslashes and no escape", "{s: [secret], condition: s}", R"({"A":"\\u0073ecret"})", false},
    {"a Kelvin sign is a k", "{s: [keyword], condition: s}",
     "{\"A\":\"\xE2\x84\xAA"
     "eyword\"}",
     true},
    {"an expression that Vectorscan 5.4.9 misses", "{s: {A|re: '>\\s.*/etc/ld'}, condition: s}",
     R"({"A":"sh -c echo /tmp/x.so > /etc/ld.so.preload"})", true},
    {"and its like", "{s: {A|re: 'a\\s.{0,20}http://'}, condition: s}",
     R"({"A":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx a http://a"})", true},
    {"an expression that counts far", "{s: {A|re: 'x.{2,64}y'}, condition: s}", R"({"A":"x12y"})", true},
    {"one that counts far up to the end", "{s: {A|re: 'x.{2,64}y$'}, condition: s}", R"({"A":"x12y"})", true},
    {"and not before more", "{s: {A|re: 'x.{2,64}y$'}, condition: s}", R"({"A":"x12yz"})", false},
    {"and wants as much", "{s: {A|re: '.{40,}'}, condition: s}", R"({"A":"short"})", false},
    {"named data", "{s: {Image: i}, condition: s}",
     R"({"Event":{"EventData":{"Data":[{"@Name":"Image","#text":"i"}]}}})", true},
    {"unnamed data", "{s: {Data|contains: i}, condition: s}",
     R"({"Event":{"EventData":{"Data":{"#text":["x","yiy"]}}}})", true},
    {"user data", "{s: {Channel: Application}, condition: s}",
     R"({"Event":{"UserData":{"LogFileCleared":{"Channel":"Application"}},"System":{"Channel":"System"}}})", true},
    {"Winlogbeat", "{s: {EventID: 1, Image: i}, condition: s}",
     R"({"winlog":{"event_id":1,"event_data":{"Image":"i"}}})", true},
    // Odd text.
    {"a lone surrogate hides nothing", "{s: {A|contains: evil}, condition: s}", R"({"A":"\ud800evil"})", true},
    {"escapes in names", "{s: {Image: i}, condition: s}", R"({"I\u006dage":"i"})", true},
};

TEST(Semantics, EveryStatementHoldsInEveryMatcher) {
  const MatchFixture fixture({"windows"});
  for (const Row& row : rows) {
    for (const auto& [matcher, matched] : fixture.match(row.detection, row.event)) {
      EXPECT_EQ(matched, row.match) << row.says << " (" << matcher << "): " << row.detection << " " << row.event;
    }
  }
}

TEST(Semantics, WhatIsNotSigmaIsRefusedByName) {
  const struct {
    const char* detection;
    const ErrorKind& kind;
  } table[] = {
      {"{s: {A|like: x}, condition: s}", unknown_modifier},
      {"{s: {A|re|contains: x}, condition: s}", bad_modifier},
      {"{s: {A|i: x}, condition: s}", bad_modifier},
      {"{s: {A|gt: many}, condition: s}", bad_modifier},
      {"{s: {A|exists: maybe}, condition: s}", bad_modifier},
      {"{s: {A|base64: 'a*'}, condition: s}", bad_modifier},
      {"{s: {A|cidr: 10.0.0.0/33}, condition: s}", bad_network},
      {"{s: {A|cidr: ten}, condition: s}", bad_network},
      {"{s: {A|re: '(?=x)'}, condition: s}", bad_regex},
      {"{s: {A|re: '(a'}, condition: s}", bad_regex},
      {R"({s: {A|re: '(a)\1'}, condition: s})", bad_regex},
      {"{s: {A|expand: '%none%'}, condition: s}", unfilled_placeholder},
      {"{s: {A: x}, condition: t}", unknown_identifier},
      {"{s: {A: x}, condition: 1 of t*}", unknown_identifier},
      {"{s: {A: x}, condition: s and}", bad_condition},
      {"{s: {A: x}, condition: (s}", bad_condition},
      {"{s: {A: x}, condition: s s}", bad_condition},
      {"{s: {A: x}, condition: 2 of s*}", bad_condition},
      {"{s: {A: x}, condition: s | count() > 5}", bad_condition},
      {"{s: {A: x}}", bad_rule},
      {"{condition: s}", bad_rule},
      {"{s: {A: []}, condition: s}", bad_rule},
      {"{s: {A: {b: c}}, condition: s}", bad_rule},
      {"{s: &a {A: x}, condition: s}", yaml_not_allowed},
  };
  for (const auto& row : table) {
    const ParsedFile file = parse_file("r.yml", MatchFixture::rule_of(row.detection), {});
    ASSERT_EQ(file.refused.size(), 1U) << row.detection;
    EXPECT_EQ(file.refused.front().error.name(), row.kind.name) << row.detection << file.refused.front().error.text();
  }
}

TEST(Semantics, PlaceholdersAreFilledWithPatterns) {
  const Placeholders fillings{{"Servers", {"srv*", "db1"}}, {"Domain", {"town"}}};
  const std::string text = MatchFixture::rule_of(R"({s: {A|expand: '%Servers%.%Domain%\%x%'}, condition: s})");
  const ParsedFile file = parse_file("r.yml", text, fillings);
  ASSERT_EQ(file.rules.size(), 1U);
  const FieldMap none;
  for (const auto& [value, wanted] :
       {std::pair("srv77.town%x%", true), {"db1.town%x%", true}, {"db2.town%x%", false}}) {
    const FlatEvent event = flatten(Shape(), std::string(R"({"A":")") + value + "\"}").value();
    EXPECT_EQ(matches_plainly(file.rules.front().condition, event, none), wanted) << value;
  }
}

}  // namespace
}  // namespace luy::detect
