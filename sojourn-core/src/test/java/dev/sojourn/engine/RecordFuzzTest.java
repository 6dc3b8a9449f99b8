package dev.sojourn.engine;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Fuzzes the bytes of a record: they are read as Jackson reads them, or they are unreadable. Every build runs the inputs in
 * {@code src/test/resources}; with {@code JAZZER_FUZZ=1}, the build searches for new ones.
 */
class RecordFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void any_bytes_are_read_as_jackson_reads_them_or_are_unreadable(byte[] payload) {
        RecordOracle.read(payload);
    }
}
