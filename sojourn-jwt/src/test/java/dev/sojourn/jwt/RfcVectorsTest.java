package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.DAY;
import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.SECRET;
import static dev.sojourn.jwt.Texts.base64url;
import static dev.sojourn.jwt.Texts.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.util.Base64URL;
import dev.sojourn.spi.SealFormat.Opened;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The examples of the specifications pass the check of their form, and decrypt from its parts. What they wrap their keys with
 * (RSA-OAEP, RSA1_5, A128KW) and two of their ciphers (A128CBC-HS256, A128GCM) are none of a sealed text, which is {@code
 * dir} with A256GCM: the content of A.1 is decrypted by the code that opens sealed texts, and all of them are refused as
 * sealed texts.
 */
class RfcVectorsTest {
    /** RFC 7516 A.1: RSA-OAEP and A256GCM. */
    private static final String A1 = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ."
            + "OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe"
            + "ipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDb"
            + "Sv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaV"
            + "mqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je8"
            + "1860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi"
            + "6UklfCpIMfIjf7iGdXKHzg."
            + "48V1_ALb6US04U3b."
            + "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A."
            + "XFBoMYUZodetZdvTiFvSkQ";

    private static final int[] A1_CONTENT_KEY = {
        177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110, 91, 112, 46, 34, 105,
        47, 130, 203, 46, 122, 234, 64, 252
    };

    /** RFC 7516 A.2: RSA1_5 and A128CBC-HS256. */
    private static final String A2 = "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0."
            + "UGhIOguC7IuEvf_NPVaXsGMoLOmwvc1GyqlIKOK1nN94nHPoltGRhWhw7Zx0-kFm"
            + "1NJn8LE9XShH59_i8J0PH5ZZyNfGy2xGdULU7sHNF6Gp2vPLgNZ__deLKxGHZ7Pc"
            + "HALUzoOegEI-8E66jX2E4zyJKx-YxzZIItRzC5hlRirb6Y5Cl_p-ko3YvkkysZIF"
            + "NPccxRU7qve1WYPxqbb2Yw8kZqa2rMWI5ng8OtvzlV7elprCbuPhcCdZ6XDP0_F8"
            + "rkXds2vE4X-ncOIM8hAYHHi29NX0mcKiRaD0-D-ljQTP-cFPgwCp6X-nZZd9OHBv"
            + "-B3oWh2TbqmScqXMR4gp_A."
            + "AxY8DCtDaGlsbGljb3RoZQ."
            + "KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY."
            + "9hH0vgRfYgPnAHOd8stkvw";

    /** The content key of A.2 and A.3. */
    private static final int[] A2_CONTENT_KEY = {
        4, 211, 31, 197, 84, 157, 252, 254, 11, 100, 157, 250, 63, 170, 106, 206, 107, 124, 212, 45, 111, 107, 9, 219,
        200, 177, 0, 240, 143, 156, 44, 207
    };

    /** RFC 7516 A.3: A128KW and A128CBC-HS256. */
    private static final String A3 = "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0."
            + "6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ."
            + "AxY8DCtDaGlsbGljb3RoZQ."
            + "KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY."
            + "U0m_YmjN04DJvceFICbCVQ";

    /** RFC 7520 5.6: dir and A128GCM. */
    private static final String DIRECT =
            "eyJhbGciOiJkaXIiLCJraWQiOiI3N2M3ZTJiOC02ZTEzLTQ1Y2YtODY3Mi02MTdiNWI0NTI0M2EiLCJlbmMiOiJBMTI4R0NNIn0."
                    + ".refa467QzzKx6QAB."
                    + "JW_i_f52hww_ELQPGaYyeAB6HYGcR559l9TYnSovc23XJoBcW29rHP8yZOZG7YhL"
                    + "pT1bjFuvZPjQS-m0IFtVcXkZXdH_lr_FrdYt9HRUYkshtrMmIUAyGmUnd9zMDB2n"
                    + "0cRDIHAzFVeJUDxkUwVAE7_YGRPdcqMyiBoCO-FBdE-Nceb4h3-FtBP-c_BIwCPT"
                    + "jb9o0SbdcdREEMJMyZBH8ySWMVi1gPD9yxi-aQpGbSv_F9N4IZAxscj5g-NJsUPb"
                    + "jk29-s7LJAGb15wEBtXphVCgyy53CoIKLHHeJHXex45Uz9aKZSRSInZI-wjsY0yu"
                    + "3cT4_aQ3i1o-tiE-F8Ios61EKgyIQ4CWao8PFMj8TTnp."
                    + "vbb32Xvllea2OtmHAdccRQ";

    @Test
    void the_content_of_rfc_7516_a_1_is_decrypted_as_a_sealed_text_is() {
        byte[] key = bytes(A1_CONTENT_KEY);
        StrictCompact checked = StrictCompact.jwe(A1, Set.of("alg", "enc")).orElseThrow();

        assertThat(new SealKey(key, new SealKeyId("AAA", 0)).decrypt(checked))
                .hasValue(utf8("The true sign of intelligence is not knowledge but imagination."));
        key[0]++;
        assertThat(new SealKey(key, new SealKeyId("AAA", 0)).decrypt(checked)).isEmpty();
    }

    private static byte[] bytes(int[] numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        return bytes;
    }

    /** The way in which the RFC wraps the content key, RSA1_5, is none that anything here unwraps. */
    @Test
    void the_content_of_rfc_7516_a_2_is_decrypted_from_its_checked_parts() throws Exception {
        StrictCompact checked = StrictCompact.jwe(A2, Set.of("alg", "enc")).orElseThrow();
        assertThat(checked.header("alg")).isEqualTo("RSA1_5");
        assertThat(checked.bytes(1)).as("a key wrapped by RSA with 2,048 bits").hasSize(256);

        byte[] content = new DirectDecrypter(bytes(A2_CONTENT_KEY))
                .decrypt(
                        new JWEHeader(JWEAlgorithm.DIR, EncryptionMethod.A128CBC_HS256),
                        null,
                        new Base64URL(checked.part(2)),
                        new Base64URL(checked.part(3)),
                        new Base64URL(checked.part(4)),
                        utf8(checked.part(0)));

        assertThat(new String(content, UTF_8)).isEqualTo("Live long and prosper.");
    }

    @Test
    void rfc_7516_a_3_is_decrypted_from_its_checked_parts() throws Exception {
        JWEDecrypter decrypter = new AESDecrypter(new Base64URL("GawgguFyGrWKav7AX4VKUg").decode());

        assertThat(decrypt(A3, Set.of("alg", "enc"), decrypter)).isEqualTo("Live long and prosper.");
    }

    @Test
    void rfc_7520_5_6_is_decrypted_from_its_checked_parts() throws Exception {
        JWEDecrypter decrypter = new DirectDecrypter(new Base64URL("XctOhJAkA-pD9Lh7ZgW_2A").decode());

        assertThat(decrypt(DIRECT, Set.of("alg", "enc", "kid"), decrypter))
                .startsWith("You can trust us to stick with you through thick and thin\u2013to the bitter end.")
                .endsWith("We are your friends, Frodo.");
        assertThat(StrictCompact.jwe(DIRECT, Set.of("alg", "enc"))).isEmpty();
    }

    @Test
    void none_of_the_examples_is_a_sealed_text() {
        String compressed = base64url("{\"alg\":\"A128KW\",\"kid\":\"81b20965-8332-43d9-a468-82160ad91ac8\","
                + "\"enc\":\"A128GCM\",\"zip\":\"DEF\"}");

        for (String text : List.of(A1, A2, A3, DIRECT, compressed + DIRECT.substring(DIRECT.indexOf('.')))) {
            assertThat(Jwe.secret(SECRET).open(text, NOW, DAY)).isEqualTo(new Opened.Refused());
        }
    }

    private static String decrypt(String text, Set<String> members, JWEDecrypter decrypter) throws Exception {
        StrictCompact checked = StrictCompact.jwe(text, members).orElseThrow();
        Base64URL header = new Base64URL(checked.part(0));
        byte[] content = decrypter.decrypt(
                JWEHeader.parse(header),
                checked.part(1).isEmpty() ? null : new Base64URL(checked.part(1)),
                new Base64URL(checked.part(2)),
                new Base64URL(checked.part(3)),
                new Base64URL(checked.part(4)),
                utf8(checked.part(0)));
        return new String(content, UTF_8);
    }
}
