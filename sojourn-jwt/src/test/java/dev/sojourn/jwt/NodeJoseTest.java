package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.DAY;
import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.OTHER;
import static dev.sojourn.jwt.Texts.SECRET;
import static dev.sojourn.jwt.Texts.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.tools.NodePackages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The package jose on Node.js opens what {@link Jwe} seals, and the other way round, with keys derived there. */
@Tag("programs")
class NodeJoseTest {
    private static final List<String> CONTENTS =
            List.of("", "{\"format\":1}", "gr\u00fc\u00dfe \ud83d\ude00", "a".repeat(3_000));
    private static final List<String> NAMES = List.of("", "shop", "caf\u00e9 \ud83d\ude00", "session __Host-id");
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void jose_opens_what_is_sealed_here() throws Exception {
        List<Map<String, Object>> tasks = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (String name : NAMES) {
            for (String content : CONTENTS) {
                String text = Jwe.secret(SECRET)
                        .application(name)
                        .forPurpose("session id")
                        .seal(utf8(content), NOW);
                tasks.add(Map.of("secret", SECRET, "application", name, "purpose", "session id", "text", text));
                expected.add(content);
            }
        }

        assertThat(runNode(tasks)).isEqualTo(expected);
    }

    @Test
    void what_jose_seals_opens_here() throws Exception {
        List<Map<String, Object>> tasks = new ArrayList<>();
        List<Jwe> formats = new ArrayList<>();
        long day = Duration.between(Instant.EPOCH, NOW).toDays();
        for (String name : NAMES) {
            for (String content : CONTENTS) {
                tasks.add(Map.of(
                        "secret", OTHER, "application", "shop", "purpose", name, "day", day, "content", content));
                formats.add(Jwe.secret(SECRET, OTHER).application("shop").forPurpose(name));
            }
        }

        List<String> texts = runNode(tasks);
        for (int i = 0; i < texts.size(); i++) {
            Opened.Content opened = (Opened.Content) formats.get(i).open(texts.get(i), NOW, DAY);
            assertThat(new String(opened.bytes(), UTF_8)).isEqualTo(tasks.get(i).get("content"));
            assertThat(opened.outdated()).isTrue();
        }
    }

    @Test
    void jose_reads_the_documented_content_of_an_access_token() throws Exception {
        AccessToken token = new AccessToken(
                null,
                "alice",
                "jti",
                null,
                null,
                null,
                NOW,
                NOW.plusSeconds(300),
                JsonMembers.EMPTY.with("role", utf8("\"admin\"")));
        String text = AccessTokens.sealed(Jwe.secret(SECRET)).issue(token);

        assertThat(runNode(List.of(Map.of("secret", SECRET, "application", "", "purpose", "access", "text", text))))
                .containsExactly("{\"sub\":\"alice\",\"iat\":1796040000000,\"exp\":1796040300000,\"jti\":\"jti\","
                        + "\"claims\":{\"role\":\"admin\"}}");
    }

    /** Runs one task after the other, and returns what each of them printed. */
    private static List<String> runNode(List<Map<String, Object>> tasks) throws IOException, InterruptedException {
        Path folder = NodePackages.install(Path.of("src/test/node"), "jose");
        Process node = new ProcessBuilder("node", "sealed.mjs")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = node.outputWriter(UTF_8)) {
            for (Map<String, Object> task : tasks) {
                in.write(JSON.writeValueAsString(task) + "\n");
            }
        }
        List<String> results = new ArrayList<>();
        for (String line :
                new String(node.getInputStream().readAllBytes(), UTF_8).lines().toList()) {
            results.add(JSON.readValue(line, String.class));
        }
        assertThat(node.waitFor()).isZero();
        return results;
    }
}
