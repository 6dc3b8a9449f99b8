package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The permit list and the permit of a record, as the reference shows them. */
class PermitListTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private static StoredSession stored(String payload) {
        return new StoredSession(payload.getBytes(StandardCharsets.ISO_8859_1), 5, NOW, null);
    }

    @Test
    void a_user_has_a_key_that_no_id_has() {
        assertThat(PermitList.key("alice").text()).isEqualTo("azXkzmyv1hSwtlypWM4znAbqviWHqZd2g421QlrwJT0");
    }

    @Test
    void a_list_is_written_and_read_and_lasts_for_an_hour() {
        PermitList list = new PermitList(5, Set.of("AAAAAAAAAAE", "AAAAAAAAAAI"));

        StoredSession written = list.toStored(NOW);

        assertThat(PermitList.read(stored("SPL1AAAAAAAAAAEAAAAAAAAAAI"))).isEqualTo(list);
        assertThat(PermitList.read(written)).isEqualTo(list);
        assertThat(PermitList.read(stored("SPL1")).permits()).isEmpty();
        assertThat(written.expiresAt()).isEqualTo(NOW.plusSeconds(3_600));
        assertThat(written.subject()).isNull();
        assertThatThrownBy(() -> new SojournRecordFormat().read(written)).isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void a_list_of_another_format_is_unavailable_and_never_empty() {
        for (String payload : List.of("", "SPL2", "SPL1AAAA", "{}")) {
            assertThatThrownBy(() -> PermitList.read(stored(payload))).isInstanceOf(SessionUnavailableException.class);
        }
    }

    @Test
    void a_record_keeps_its_permit_and_has_none_at_first() {
        SessionRecord record = SessionRecord.live(NOW, "alice");
        SojournRecordFormat format = new SojournRecordFormat();

        StoredSession written = format.write(Permit.write(record, "AAAAAAAAAAE"), NOW);

        assertThat(Permit.of(record)).isNull();
        assertThat(Permit.of(format.read(written))).isEqualTo("AAAAAAAAAAE");
        assertThat(new String(written.payload(), StandardCharsets.UTF_8)).contains("\"permit\":\"AAAAAAAAAAE\"");
        assertThat(Permit.random()).hasSize(Permit.LENGTH).isNotEqualTo(Permit.random());
    }
}
