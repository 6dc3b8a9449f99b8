package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.DAY;
import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.OTHER;
import static dev.sojourn.jwt.Texts.SECRET;
import static dev.sojourn.jwt.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.tools.Quotation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code and the figures of README.md. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/sojourn/jwt/ReadmeTest.java");

    /** Stands in for the environment, so that the quoted lines run as they are. */
    private static final class System {
        static String getenv(String name) {
            assertThat(name).isEqualTo("SOJOURN_SECRET");
            return SECRET;
        }
    }

    @Test
    void the_quoted_lines_seal_a_session_and_a_token() throws IOException {
        // the code of the README
        Jwe seal = Jwe.secret(System.getenv("SOJOURN_SECRET")).application("shop");
        AccessTokenFormat tokens = AccessTokens.sealed(seal);
        // its end

        assertThat(seal.open(seal.seal(utf8("content"), NOW), NOW, DAY)).isInstanceOf(Opened.Content.class);
        AccessToken token =
                new AccessToken(null, "alice", null, null, null, null, NOW, NOW.plusSeconds(300), JsonMembers.EMPTY);
        assertThat(tokens.verify(tokens.issue(token), NOW)).contains(token);
        assertThat(Quotation.javaBlocks(README).stream().map(Quotation::withoutWhitespace))
                .containsExactly(Quotation.withoutWhitespace(
                        Quotation.linesBetween(SOURCE, "// the code of the README", "// its end")));
    }

    @Test
    void the_steps_to_replace_a_secret_leave_no_node_without_a_key() throws IOException {
        assertThat(Files.readString(README))
                .contains("`Jwe.secret(current, next)`", "`Jwe.secret(next, current)`", "`Jwe.secret(next)`");
        List<Jwe> steps =
                List.of(Jwe.secret(SECRET), Jwe.secret(SECRET, OTHER), Jwe.secret(OTHER, SECRET), Jwe.secret(OTHER));

        for (int step = 1; step < steps.size(); step++) {
            Jwe before = steps.get(step - 1);
            Jwe after = steps.get(step);
            assertThat(before.open(after.seal(utf8("content"), NOW), NOW, DAY)).isInstanceOf(Opened.Content.class);
            // Before the last step, the texts of the former secret have ended.
            assertThat(after.open(before.seal(utf8("content"), NOW), NOW, DAY)).isInstanceOf(Opened.Content.class);
        }
    }

    @Test
    void the_table_of_sizes_is_exact() throws IOException {
        String page = Files.readString(README);
        Jwe seal = Jwe.secret(SECRET);

        Stream.of("90 bytes | 221 ", "180 bytes | 341 ", "2,987 bytes | 4,084 ")
                .peek(row -> assertThat(page).contains("| " + row + "characters |"))
                .map(row -> row.replaceAll("[^0-9|]", "").split("\\|"))
                .forEach(row ->
                        assertThat(seal.sealedLength(Integer.parseInt(row[0]))).isEqualTo(Integer.parseInt(row[1])));
    }
}
