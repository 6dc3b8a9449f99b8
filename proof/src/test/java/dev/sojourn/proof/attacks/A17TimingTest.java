package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class A17TimingTest {
    /** Comparisons that return at the first difference. */
    private static final List<String> EARLY_EXIT = List.of(
            "java/lang/String.equals",
            "java/lang/Object.equals",
            "java/lang/String.equalsIgnoreCase",
            "java/lang/String.compareTo",
            "java/lang/String.contentEquals",
            "java/lang/String.startsWith",
            "java/lang/String.endsWith",
            "java/lang/String.regionMatches",
            "java/util/Arrays.equals",
            "java/util/Arrays.compare",
            "java/util/Arrays.mismatch",
            "java/util/Objects.equals",
            "java/nio/ByteBuffer.equals");

    /** Returns the methods that a class calls, as its class file names them (JVMS §4.4). */
    private static Set<String> callsOf(String className) throws IOException {
        byte[] bytes;
        try (InputStream in = A17TimingTest.class.getResourceAsStream("/" + className.replace('.', '/') + ".class")) {
            assertThat(in).as(className).isNotNull();
            bytes = in.readAllBytes();
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.skipBytes(8);
        int size = in.readUnsignedShort();
        String[] texts = new String[size];
        int[][] pairs = new int[size][];
        boolean[] isMethod = new boolean[size];
        for (int i = 1; i < size; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts[i] = in.readUTF();
                case 7, 8, 16, 19, 20 -> pairs[i] = new int[] {in.readUnsignedShort(), 0};
                case 15 -> in.skipBytes(3);
                case 3, 4 -> in.skipBytes(4);
                case 5, 6 -> {
                    in.skipBytes(8);
                    i++;
                }
                default -> {
                    pairs[i] = new int[] {in.readUnsignedShort(), in.readUnsignedShort()};
                    isMethod[i] = tag == 10 || tag == 11;
                }
            }
        }
        Set<String> calls = new HashSet<>();
        for (int i = 1; i < size; i++) {
            if (isMethod[i]) {
                calls.add(texts[pairs[pairs[i][0]][0]] + "." + texts[pairs[pairs[i][1]][0]]);
            }
        }
        return calls;
    }

    @Test
    void signatures_are_compared_in_constant_time() throws IOException {
        for (String format : List.of("SignedTokenFormat", "RefreshTokenFormat")) {
            assertThat(callsOf("dev.sojourn.engine." + format))
                    .contains("java/security/MessageDigest.isEqual")
                    .doesNotContainAnyElementsOf(EARLY_EXIT);
        }
        assertThat(callsOf("dev.sojourn.engine.TokenSigner")).doesNotContainAnyElementsOf(EARLY_EXIT);
    }

    /** Its {@code String.equals} compares two texts of the client's own bytes: whether they have their one spelling. */
    @Test
    void csrf_tokens_are_compared_in_constant_time() throws IOException {
        List<String> others = EARLY_EXIT.stream()
                .filter(call -> !call.equals("java/lang/String.equals"))
                .toList();
        assertThat(callsOf("dev.sojourn.engine.CsrfToken"))
                .contains("java/security/MessageDigest.isEqual")
                .doesNotContainAnyElementsOf(others);
    }

    @Test
    void the_class_file_check_finds_an_early_exit_comparison() throws IOException {
        assertThat(callsOf("dev.sojourn.spi.StoreKey")).containsAnyElementsOf(EARLY_EXIT);
    }

    @Test
    void an_unknown_an_ended_and_a_forged_token_get_identical_responses() {
        try (Site site = Site.onTwoNodes()) {
            String ended = site.startSession("x");
            site.getAs(ended, "/logout");
            String forged = ForgedTokens.wellFormed(new Random(17));
            String cut = ForgedTokens.id(ended) + "." + ForgedTokens.tag(forged);
            List<String> expected = withoutDate(site.getAs(ended, "/read"));
            assertThat(expected).isNotEmpty();
            assertThat(withoutDate(site.getAs(forged, "/read"))).isEqualTo(expected);
            assertThat(withoutDate(site.getAs(cut, "/read"))).isEqualTo(expected);
            assertThat(withoutDate(site.getAs("", "/read"))).isEqualTo(expected);
        }
    }

    private static List<String> withoutDate(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("null");
        return response.lines().stream()
                .filter(line -> !line.startsWith("Date:"))
                .toList();
    }
}
