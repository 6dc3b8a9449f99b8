package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Compares the table of revoked tokens with a {@link HashMap}. */
class RevocationTableProperties {
    /** Keys that share their lowest bits, so that they compete for slots. */
    private static long key(int number) {
        return (long) number << 32 | number % 3;
    }

    @Property(tries = 300)
    void a_table_has_what_was_put_into_it_until_that_has_expired(
            @ForAll @Size(max = 400) List<@LongRange(min = 0, max = 120) Long> numbers,
            @ForAll @Size(min = 400, max = 400) List<@LongRange(min = 0, max = 100) Long> untils,
            @ForAll @LongRange(min = 0, max = 100) long expiredBefore) {
        RevocationTable table = new RevocationTable();
        Map<Long, Long> expected = new HashMap<>();
        for (int i = 0; i < numbers.size(); i++) {
            long key = key(numbers.get(i).intValue());
            table.put(key, untils.get(i));
            // A key of 0 marks a free slot, so 0 and 1 share one.
            expected.merge(key == 0 ? 1 : key, untils.get(i), Math::max);
        }
        assertHolds(table, expected);

        long expired = expected.values().stream()
                .filter(until -> until < expiredBefore)
                .count();
        boolean drops = expired > 0 && expired >= expected.size() / 4;
        assertThat(table.drop(expiredBefore)).isEqualTo(drops);
        if (drops) {
            expected.values().removeIf(until -> until < expiredBefore);
        }
        assertHolds(table, expected);
    }

    private static void assertHolds(RevocationTable table, Map<Long, Long> expected) {
        Map<Long, Long> found = new HashMap<>();
        table.forEach(found::put);
        assertThat(found).isEqualTo(expected);
        assertThat(table.size()).isEqualTo(expected.size());
        assertThat(expected.keySet()).allMatch(table::contains);
        assertThat(table.contains(Long.MIN_VALUE)).isFalse();
    }

    @Example
    void a_second_of_the_last_century_of_32_bits_is_kept() {
        RevocationTable table = new RevocationTable();
        table.put(5, RevocationEntry.LAST_SECOND - 1);
        table.put(5, RevocationEntry.LAST_SECOND);
        table.put(5, 1);

        Map<Long, Long> found = new HashMap<>();
        table.forEach(found::put);

        assertThat(found).isEqualTo(Map.of(5L, RevocationEntry.LAST_SECOND));
        assertThat(table.drop(RevocationEntry.LAST_SECOND)).isFalse();
    }

    @Example
    void a_table_shrinks_when_its_entries_have_expired() {
        RevocationTable table = new RevocationTable();
        for (int i = 1; i <= 100_000; i++) {
            table.put(i * 0x9E37_79B9_7F4A_7C15L, i);
        }

        assertThat(table.drop(99_990)).isTrue();

        assertThat(table.size()).isEqualTo(11);
        assertThat(table.capacity()).isEqualTo(64);
    }
}
