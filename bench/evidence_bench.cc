// What the evidence store costs: taking records in durably, finding one, reading all, proving, verifying.
//   evidence_bench FOLDER [MEGABYTES] [CORPUS] [KINDS|FILE]
// KINDS are those of bench/log_lines.h; FILE is a log of your own, read instead of what is generated.
// Prints "name value unit". CPU time is that of the whole process, so that it means the same on a busy machine. With
// CORPUS, the lines are also written there for the peers.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <numeric>

#include "bench/log_lines.h"
#include "evidence/store.h"
#include "evidence/verify.h"

namespace luy::bench {
namespace {

namespace fs = std::filesystem;
using evidence::Store;

constexpr std::size_t append_bytes = 256 << 10;   // A commit, as the hub groups them.
constexpr std::size_t pipeline_bytes = 16 << 20;  // A commit of whole blocks: nothing waits in the tail.
constexpr std::size_t trickle_bytes = 4 << 10;    // A commit of a small town's hub.
constexpr double trickle_megabytes = 8;
constexpr std::size_t chunk_bytes = 16 << 20;  // Lines made ahead, outside the measured time.

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void print(std::string_view name, double value, std::string_view unit) {
  std::cout << name << ' ' << value << ' ' << unit << '\n';
}

[[noreturn]] void die(const Error& error) {
  std::cerr << error.text() << '\n';
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) die(result.error());
  return *std::move(result);
}

struct Lines {
  std::string bytes;
  struct Place {
    const LogLines::Stream* stream;
    std::size_t begin;
    std::size_t size;
  };
  std::vector<Place> places;
};

// The next lines of a file, as one stream.
Lines read_lines(std::istream& in, std::size_t bytes) {
  static const LogLines::Stream stream{"agency/device//file", 0, 0};
  Lines out;
  for (std::string line; out.bytes.size() < bytes && std::getline(in, line);) {
    line.resize(std::min(line.size(), evidence::record_bytes_max));
    out.places.push_back({&stream, out.bytes.size(), line.size()});
    out.bytes += line;
  }
  return out;
}

// Each batch comes from one stream, as agents send them.
Lines make_lines(LogLines& generator, std::size_t bytes, std::uint64_t& number) {
  Lines out;
  std::string line;
  while (out.bytes.size() < bytes) {
    const LogLines::Stream& stream = generator.next_stream();
    for (int i = 0; i < 60; ++i) {
      generator.line(stream, line);
      // The needles of the search below.
      if (++number % 1'500'007 == 1'000'003) line += " src=203.0.113.77";
      if (number % 1'000'003 == 900'001) line += " user=svc_bkp_7731";
      if (number % 1'200'007 == 800'003) line += " sha256=9f2c4e5d8ba17763";
      out.places.push_back({&stream, out.bytes.size(), line.size()});
      out.bytes += line;
    }
  }
  return out;
}

struct Ingest {
  double cpu = 0;
  double wall = 0;
  double bytes = 0;
  double records = 0;
  std::vector<double> commits;  // Seconds.
};

void append_all(Store& store, const Lines& lines, std::size_t commit_bytes, Ingest& total) {
  const double cpu = cpu_seconds();
  const double wall = wall_seconds();
  Store::Batch batch;
  std::size_t bytes = 0;
  const auto flush = [&] {
    const double begin = wall_seconds();
    must(store.append({&batch, 1}));
    total.commits.push_back(wall_seconds() - begin);
    batch.records.clear();
    bytes = 0;
  };
  for (const Lines::Place& place : lines.places) {
    batch.records.push_back({place.stream->source, 2, std::string_view(lines.bytes).substr(place.begin, place.size)});
    bytes += place.size;
    if (bytes >= commit_bytes) flush();
  }
  if (!batch.records.empty()) flush();
  total.cpu += cpu_seconds() - cpu;
  total.wall += wall_seconds() - wall;
  total.bytes += static_cast<double>(lines.bytes.size());
  total.records += static_cast<double>(lines.places.size());
}

void search(const Store& store, std::string_view name, const evidence::SearchQuery& query) {
  std::vector<double> times;
  std::vector<double> cpu_times;
  std::size_t found = 0;
  for (int i = 0; i < 5; ++i) {
    const double cpu = cpu_seconds();
    const double begin = wall_seconds();
    found = 0;
    must(store.search(query, {}, [&](const evidence::Record&) { return ++found, evidence::Visit::keep; }));
    times.push_back(wall_seconds() - begin);
    cpu_times.push_back(cpu_seconds() - cpu);
  }
  std::ranges::sort(times);
  std::ranges::sort(cpu_times);
  print(std::string(name) + "_ms", times[times.size() / 2] * 1e3, "ms");
  // The same on a busy machine.
  print(std::string(name) + "_cpu_ms", cpu_times[cpu_times.size() / 2] * 1e3, "ms");
  print(std::string(name) + "_hits", static_cast<double>(found), "records");
}

void measure_reading(const Store& store, double bytes) {
  search(store, "needle_address", {.words = {"203.0.113.77"}, .limit = 1000});
  search(store, "needle_user", {.words = {"svc_bkp_7731"}, .limit = 1000});
  search(store, "needle_hash", {.words = {"9f2c4e5d8ba17763"}, .limit = 1000});
  search(store, "needle_absent", {.words = {"198.51.100.254"}, .limit = 1000});
  search(store, "newest_100", {.words = {"failed"}, .limit = 100});
  double cpu = cpu_seconds();
  must(store.search({.substrings = {"no such text anywhere"}, .limit = 1000}, {},
                    [](const evidence::Record&) { return evidence::Visit::keep; }));
  print("full_scan", bytes / (cpu_seconds() - cpu) / 1e9, "GB/cpu-s");
  // Signs alone: nothing tells beforehand where they cannot be, so that every record is made again.
  cpu = cpu_seconds();
  must(store.search({.substrings = {"~|~"}, .limit = 1000}, {},
                    [](const evidence::Record&) { return evidence::Visit::keep; }));
  print("full_decode", bytes / (cpu_seconds() - cpu) / 1e9, "GB/cpu-s");
  cpu = cpu_seconds();
  constexpr int rounds = 10;
  for (int i = 0; i < rounds; ++i) must(store.counts({}, std::chrono::minutes(5), {}));
  print("histogram", (cpu_seconds() - cpu) / rounds * 1e3, "ms");
}

void measure_proofs(const Store& store) {
  SeededRandom random(1);
  constexpr int rounds = 200;
  double cpu = cpu_seconds();
  for (int i = 0; i < rounds; ++i) must(store.prove(random.next() % store.size()));
  print("proof_anywhere", (cpu_seconds() - cpu) / rounds * 1e6, "us");
  cpu = cpu_seconds();
  const std::uint64_t base = store.size() / 2;
  const std::uint64_t near = std::min<std::uint64_t>(1000, store.size() - base);
  for (int i = 0; i < rounds; ++i) must(store.prove(base + random.next() % near));
  print("proof_nearby", (cpu_seconds() - cpu) / rounds * 1e6, "us");
}

// The same lines in commits of another size, into a store of its own.
void measure_ingest(const fs::path& folder, evidence::NoteSigner& signer, std::string_view name, double megabytes,
                    std::size_t commit_bytes, const char* kinds) {
  fs::remove_all(folder);
  FakeClock clock(from_micros(1'790'000'000'000'000));
  auto store = must(evidence::open_store({folder, 30}, clock, signer));
  LogLines generator(1, kinds);
  std::ifstream own;
  if (fs::is_regular_file(kinds)) own.open(kinds, std::ios::binary);
  std::uint64_t number = 0;
  Ingest total;
  while (total.bytes < megabytes * 1e6) {
    const auto wanted = static_cast<std::size_t>(std::min<double>(chunk_bytes, megabytes * 1e6 - total.bytes) + 1);
    const Lines lines = own.is_open() ? read_lines(own, wanted) : make_lines(generator, wanted, number);
    if (lines.places.empty()) break;
    append_all(*store, lines, commit_bytes, total);
    clock.advance(std::chrono::seconds(20));
  }
  must(store->checkpoint());
  print(name, total.bytes / total.cpu / 1e6, "MB/cpu-s");
  store.reset();
  fs::remove_all(folder);
}

// In a process of its own: what one store held must not be counted as another's.
void apart(const std::function<void()>& measure) {
  std::cout.flush();
  const pid_t child = ::fork();
  if (child == 0) {
    measure();
    std::cout.flush();
    ::_exit(0);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) std::exit(1);
}

int run(const fs::path& folder, double megabytes, const char* corpus, const char* kinds) {
  const fs::path key = folder / "bench.pem";
  fs::remove_all(folder / "evidence");
  fs::remove(key);
  if (const auto made = evidence::FileNoteSigner::generate(key); !made) die(made.error());
  const auto signer = must(evidence::FileNoteSigner::load(key, "luy/bench"));
  apart([&] {
    measure_ingest(folder / "pipeline", *signer, "ingest_pipeline", std::min(megabytes, 200.0), pipeline_bytes, kinds);
  });
  apart([&] {
    measure_ingest(folder / "trickle", *signer, "ingest_trickle", std::min(megabytes, trickle_megabytes), trickle_bytes,
                   kinds);
  });
  FakeClock clock(from_micros(1'790'000'000'000'000));
  auto store = must(evidence::open_store({folder / "evidence", 30}, clock, *signer));
  std::ofstream out;
  if (corpus != nullptr) out.open(corpus, std::ios::binary);
  LogLines generator(1, kinds);
  std::ifstream own;
  if (fs::is_regular_file(kinds)) own.open(kinds, std::ios::binary);
  std::uint64_t number = 0;
  Ingest total;
  std::size_t most_lines = 0;
  while (total.bytes < megabytes * 1e6) {
    const auto wanted = static_cast<std::size_t>(std::min<double>(chunk_bytes, megabytes * 1e6 - total.bytes) + 1);
    const Lines lines = own.is_open() ? read_lines(own, wanted) : make_lines(generator, wanted, number);
    if (lines.places.empty()) break;
    most_lines = std::max(most_lines, lines.bytes.size() + lines.places.size() * sizeof(Lines::Place));
    append_all(*store, lines, append_bytes, total);
    clock.advance(std::chrono::seconds(20));
    for (const auto& place : lines.places) {
      if (out.is_open()) out << std::string_view(lines.bytes).substr(place.begin, place.size) << '\n';
    }
  }
  must(store->checkpoint());
  std::ranges::sort(total.commits);
  print("ingest", total.bytes / total.cpu / 1e6, "MB/cpu-s");
  print("ingest_wall", total.bytes / total.wall / 1e6, "MB/s");
  print("ingest_records", total.records / total.cpu, "records/cpu-s");
  print("commit_p50", total.commits[total.commits.size() / 2] * 1e3, "ms");
  print("commit_p99", total.commits[total.commits.size() * 99 / 100] * 1e3, "ms");
  measure_reading(*store, total.bytes);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  // What the process held at most, less the lines that the benchmark made ahead.
  print("rss_store", static_cast<double>(usage.ru_maxrss) / 1024 - static_cast<double>(most_lines) / (1 << 20), "MiB");
  measure_proofs(*store);

  clock.advance(std::chrono::hours(24));
  if (const auto closed = store->close_days_before(day_of(clock.now())); !closed) die(closed.error());
  double file_bytes = 0;
  for (const auto& day : must(store->days())) file_bytes += static_cast<double>(day.file_bytes);
  print("ratio", total.bytes / file_bytes, "raw/disk");
  store.reset();
  evidence::VerifyOptions options{.keys = {must(evidence::VerifierKey::parse(signer->vkey()))}};
  const double cpu = cpu_seconds();
  const auto summary = must(evidence::verify_path(folder / "evidence", options));
  print("verify", total.bytes / (cpu_seconds() - cpu) / 1e6, "MB/cpu-s");
  print("verify_faults", static_cast<double>(summary.faults), "faults");
  return summary.faults == 0 ? 0 : 1;
}

}  // namespace
}  // namespace luy::bench

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "evidence_bench FOLDER [MEGABYTES] [CORPUS] [KINDS|FILE]\n";
    return 2;
  }
  const double megabytes = count > 2 ? std::strtod(arguments[2], nullptr) : 400;
  return luy::bench::run(arguments[1], megabytes, count > 3 ? arguments[3] : nullptr,
                         count > 4 ? arguments[4] : "mixed");
}
