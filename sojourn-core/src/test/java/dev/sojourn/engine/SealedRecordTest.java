package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Device;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.SignInFacts;
import dev.sojourn.spi.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sealed: the documented JSON, and nothing else. */
class SealedRecordTest {
    private static final Instant CREATED = Instant.ofEpochMilli(1_795_464_236_327L);
    private static final String ID = "Qm1Yt6Rw0Xc5Bn2Hs7Lp4J";

    private static String text(SealedRecord session) {
        return new String(session.write(), StandardCharsets.UTF_8);
    }

    private static SealedRecord read(String json) {
        return SealedRecord.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_empty_session_has_90_bytes() {
        SealedRecord empty = new SealedRecord(ID, CREATED.plusSeconds(1_800), null, SessionRecord.live(CREATED, null));

        assertThat(text(empty))
                .isEqualTo("{\"format\":1,\"created\":1795464236327,\"id\":\"" + ID + "\",\"expires\":1795466036327}")
                .hasSize(90);
    }

    @Test
    void everything_reads_back_as_it_was_written() {
        SessionRecord record = SessionRecord.live(CREATED, "Zoë \"the\" admin")
                .withSettings(SessionSettings.AS_CONFIGURED.withIdleTimeout(Duration.ofMinutes(5)))
                .withAttributes(SessionRecord.live(CREATED, null)
                        .attributes()
                        .with("a", "[1.50]".getBytes(StandardCharsets.UTF_8)))
                .withSignIn(new SignInFacts(null, List.of("pwd"), "aal2", null, null, null, Map.of()))
                .withDevice(new Device("Firefox on Linux", null));
        SealedRecord session = new SealedRecord(ID, CREATED.plusSeconds(300), "3fT9", record);

        SealedRecord back = SealedRecord.read(session.write());

        assertThat(text(back)).isEqualTo(text(session)).contains("\"tag\":\"3fT9\"", "\"a\":[1.50]");
        assertThat(back.id()).isEqualTo(ID);
        assertThat(back.tag()).isEqualTo("3fT9");
        assertThat(back.expiresAt()).isEqualTo(session.expiresAt());
        assertThat(back.record().subject()).isEqualTo("Zoë \"the\" admin");
        assertThat(back.record().settings()).isEqualTo(record.settings());
        assertThat(back.record().signIn()).isEqualTo(record.signIn());
        assertThat(back.record().device()).isEqualTo(record.device());
    }

    @Test
    void members_of_a_later_version_pass_through_unchanged() {
        String json = "{\"format\":1,\"created\":1795464236327,\"id\":\"" + ID
                + "\",\"expires\":1795466036327,\"later\":{\"x\":1.50}}";

        assertThat(text(read(json))).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"format\":2,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":2}",
                "{\"format\":1,\"created\":1,\"expires\":2}",
                "{\"format\":1,\"created\":1,\"id\":\"short\",\"expires\":2}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4.\",\"expires\":2}",
                "{\"format\":1,\"created\":1,\"id\":7,\"expires\":2}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\"}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":2.5}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":\"2\"}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":99999999999999999999}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":2,\"subject\":7}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":2,\"subject\":\"\"}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":2,\"subject\":\"\\ud800\"}",
                "{\"format\":1,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":2,\"tag\":null}"
            })
    void anything_else_is_unreadable(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(UnreadableRecordException.class);
    }

    @Test
    void it_shows_its_public_id_only() {
        SealedRecord session = new SealedRecord(ID, CREATED, "tag", SessionRecord.live(CREATED, "alice"));

        assertThat(session).hasToString("SealedRecord[" + ID + "]");
    }
}
