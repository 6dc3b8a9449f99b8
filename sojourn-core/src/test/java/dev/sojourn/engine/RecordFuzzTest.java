package dev.sojourn.engine;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Whatever bytes a store gives back: read as Jackson reads them, or unreadable, and nothing else. The inputs in
 * {@code src/test/resources} run with every build; with {@code JAZZER_FUZZ=1} new ones are searched for.
 */
class RecordFuzzTest {
    @FuzzTest(maxDuration = "2m")
    void any_bytes_read_as_jackson_reads_them_or_are_unreadable(byte[] payload) {
        RecordOracle.read(payload);
    }
}
