package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.engine.RevocationEntry.Token;
import dev.sojourn.engine.RevocationEntry.User;
import dev.sojourn.engine.RevocationHead.Ref;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The records of the revocation list, byte for byte, as the reference shows them. */
class RevocationVectorTest {
    private static final long UNTIL = 1_800_000_000L;
    private static final String HEAD = "53524831" + "0000000000000007" + "0000a8c0" + "00000000000000ab" + "6b49d200";
    private static final String CHUNK = "53524331" + "00"
            + "01" + "2bd806c97f0e00af" + "6b49d200"
            + "02" + "2bd806c97f0e00af" + "6b49d200" + "0102030405060708" + "000001a3185c5000";

    private static String hex(StoredSession stored) {
        return HexFormat.of().formatHex(stored.payload());
    }

    private static StoredSession stored(byte[] payload) {
        return new StoredSession(payload, 5, Instant.ofEpochSecond(UNTIL), null);
    }

    @Test
    void an_entry_has_the_first_bytes_of_a_sha_256() {
        assertThat(HexFormat.of().toHexDigits(RevocationEntry.keyOf("alice"))).isEqualTo("2bd806c97f0e00af");
    }

    @Test
    void a_head_is_written_and_read() {
        RevocationHead head = new RevocationHead(5, 7, 43_200, List.of(new Ref(0xab, UNTIL)));

        assertThat(hex(head.toStored(Instant.EPOCH))).isEqualTo(HEAD);
        assertThat(RevocationHead.read(stored(HexFormat.of().parseHex(HEAD)))).isEqualTo(head);
        assertThat(RevocationHead.KEY.text()).hasSize(43);
    }

    @Test
    void a_chunk_is_written_and_read() {
        long alice = RevocationEntry.keyOf("alice");
        User user = new User(alice, UNTIL, 0x0102030405060708L, UNTIL * 1_000);
        List<RevocationEntry> entries = List.of(new Token(alice, UNTIL), user);
        RevocationChunk chunk = RevocationChunk.empty(0xab).with(entries, 5);

        assertThat(hex(chunk.toStored())).isEqualTo(CHUNK);
        assertThat(chunk.toStored().expiresAt()).isEqualTo(Instant.ofEpochSecond(UNTIL));
        RevocationChunk read = RevocationChunk.read(0xab, chunk.toStored());
        assertThat(read.entries()).isEqualTo(entries);
        assertThat(read.isSealed()).isFalse();
        assertThat(RevocationChunk.read(0xab, read.sealed().toStored()).isSealed())
                .isTrue();
        assertThat(user.tagText()).isEqualTo("AQIDBAUGBwg");
    }

    @Test
    void the_reference_shows_these_bytes() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "reference", "record-format.md"));

        assertThat(page)
                .contains("`" + HEAD + "`", "`" + CHUNK + "`")
                .contains("`" + RevocationHead.KEY.text() + "`")
                .contains("`" + RevocationChunk.keyOf(0xab).text() + "`");
    }

    @Test
    void what_is_cut_off_or_changed_in_its_structure_is_not_read() {
        byte[] head = HexFormat.of().parseHex(HEAD);
        for (int length = 0; length < head.length; length++) {
            byte[] cut = Arrays.copyOf(head, length);
            if (length != 16) { // a head without chunks
                assertThatThrownBy(() -> RevocationHead.read(stored(cut))).isInstanceOf(StoreException.class);
            }
        }
        byte[] chunk = HexFormat.of().parseHex(CHUNK);
        for (int length = 0; length < chunk.length; length++) {
            byte[] cut = Arrays.copyOf(chunk, length);
            if (length != 5 && length != 18) { // no entry, one entry
                assertThatThrownBy(() -> RevocationChunk.read(1, stored(cut))).isInstanceOf(StoreException.class);
            }
        }
        chunk[5] = 3;
        assertThatThrownBy(() -> RevocationChunk.read(1, stored(chunk))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> RevocationChunk.read(1, stored(head))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> RevocationHead.read(stored(chunk))).isInstanceOf(StoreException.class);
    }

    @Test
    void an_engine_of_sessions_reads_no_session_from_them() {
        for (String record : List.of(HEAD, CHUNK)) {
            assertThatThrownBy(() ->
                            new SojournRecordFormat().read(stored(HexFormat.of().parseHex(record))))
                    .isInstanceOf(UnreadableRecordException.class);
        }
    }

    @Test
    void a_chunk_takes_entries_up_to_its_size() {
        List<Token> many = java.util.stream.LongStream.range(0, 3_000)
                .mapToObj(i -> new Token(i, UNTIL))
                .toList();
        RevocationChunk empty = RevocationChunk.empty(1);

        int fitting = empty.countFitting(many);
        RevocationChunk full = empty.with(many.subList(0, fitting), 2);

        assertThat(fitting).isEqualTo(2_520);
        assertThat(full.toStored().payload()).hasSizeLessThanOrEqualTo(RevocationChunk.MAX_BYTES);
        assertThat(full.countFitting(many)).isZero();
    }
}
