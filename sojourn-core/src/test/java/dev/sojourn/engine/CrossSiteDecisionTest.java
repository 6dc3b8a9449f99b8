package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.engine.CrossSiteDecision.Evidence;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The table of cross-site requests. The application is {@code https://shop.example}, and trusts {@code
 * https://app.shop.example:8443}. A cell with two header lines has a {@code |} between them; an empty cell is an absent header.
 */
class CrossSiteDecisionTest {
    private static final WebOrigin OWN = Objects.requireNonNull(WebOrigin.of("https://shop.example"));
    private static final WebOrigin TRUSTED = Objects.requireNonNull(WebOrigin.of("https://app.shop.example:8443"));
    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:60.0) Gecko/20100101 Firefox/60.0";

    private static List<String> lines(String cell) {
        return cell.isEmpty() ? List.of() : Arrays.asList(cell.split("\\|", -1));
    }

    private static CrossSiteDecision decide(String fetchSite, String origin, String referer, String userAgent) {
        Evidence evidence = new Evidence(lines(fetchSite), lines(origin), lines(referer), lines(userAgent));
        return CrossSiteDecision.of(evidence, OWN::equals, Set.of(TRUSTED));
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, '',                             ALLOWED",
        "same-origin, https://evil.example,           ALLOWED",
        "same-origin, null,                           ALLOWED",
        "none,        '',                             ALLOWED",
        "none,        https://evil.example,           ALLOWED",
        "cross-site,  '',                             OTHER_SITE",
        "cross-site,  https://evil.example,           OTHER_SITE",
        "cross-site,  null,                           OTHER_SITE",
        "cross-site,  https://shop.example,           OTHER_SITE",
        "same-site,   '',                             OTHER_SITE",
        "same-site,   https://other.shop.example,     OTHER_SITE",
        "cross-site,  https://app.shop.example:8443,  ALLOWED",
        "same-site,   https://app.shop.example:8443,  ALLOWED",
        "same-site,   https://app.shop.example,       OTHER_SITE",
        "same-site,   http://app.shop.example:8443,   OTHER_SITE",
        "same-site,   https://app.shop.example:8443|https://app.shop.example:8443, OTHER_SITE",
    })
    void sec_fetch_site_decides_where_the_browser_sends_it(String site, String origin, CrossSiteDecision expected) {
        assertThat(decide(site, origin, "", BROWSER)).isEqualTo(expected);
        assertThat(decide(site, origin, "https://shop.example/page", "")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example,                        ALLOWED",
        "https://shop.example:443,                    ALLOWED",
        "https://app.shop.example:8443,               ALLOWED",
        "https://evil.example,                        OTHER_ORIGIN",
        "null,                                        HIDDEN_ORIGIN",
        "NULL,                                        OTHER_ORIGIN",
        "https://shop.example.attacker.com,           OTHER_ORIGIN",
        "https://attackershop.example,                OTHER_ORIGIN",
        "http://shop.example,                         OTHER_ORIGIN",
        "http://shop.example:443,                     OTHER_ORIGIN",
        "https://shop.example:8443,                   OTHER_ORIGIN",
        "https://shop.example:80,                     OTHER_ORIGIN",
        "https://user@shop.example,                   OTHER_ORIGIN",
        "https://shop.example@evil.example,           OTHER_ORIGIN",
        "https://shop.example.,                       OTHER_ORIGIN",
        "https://SHOP.example,                        OTHER_ORIGIN",
        "HTTPS://shop.example,                        OTHER_ORIGIN",
        "https://shop.example/,                       OTHER_ORIGIN",
        "https://shop.example/page,                   OTHER_ORIGIN",
        "https://shop.example\\.evil.example,         OTHER_ORIGIN",
        "https://shop.example:99999,                  OTHER_ORIGIN",
        "https://shop.example:,                       OTHER_ORIGIN",
        "https://shop.example https://evil.example,   OTHER_ORIGIN",
        "https://shop.example|https://shop.example,   OTHER_ORIGIN",
        "https://shop.example|https://evil.example,   OTHER_ORIGIN",
        "shop.example,                                OTHER_ORIGIN",
        "' ',                                         OTHER_ORIGIN",
    })
    void without_a_known_sec_fetch_site_the_origin_decides(String origin, CrossSiteDecision expected) {
        for (String site :
                List.of("", "same-origin|same-origin", "cross-site|same-origin", "same-origin-ish", "SAME-ORIGIN")) {
            assertThat(decide(site, origin, "", BROWSER)).as(site).isEqualTo(expected);
            assertThat(decide(site, origin, "https://shop.example/page", "curl/8.5.0"))
                    .as(site)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example/,                       ALLOWED",
        "https://shop.example,                        ALLOWED",
        "https://shop.example/a?b=https://evil.example/, ALLOWED",
        "https://app.shop.example:8443/page,          ALLOWED",
        "https://evil.example/,                       OTHER_REFERER",
        "https://evil.example/?https://shop.example/, OTHER_REFERER",
        "https://shop.example.evil.example/,          OTHER_REFERER",
        "https://shop.example@evil.example/,          OTHER_REFERER",
        "https://shop.example:8443/,                  OTHER_REFERER",
        "http://shop.example/,                        OTHER_REFERER",
        "about:blank,                                 OTHER_REFERER",
        "/page,                                       OTHER_REFERER",
        "' ',                                         OTHER_REFERER",
        "https://shop.example/|https://shop.example/, OTHER_REFERER",
    })
    void without_an_origin_the_referer_decides(String referer, CrossSiteDecision expected) {
        assertThat(decide("", "", referer, BROWSER)).isEqualTo(expected);
        assertThat(decide("", "", referer, "curl/8.5.0")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                          ALLOWED",
        "curl/8.5.0,                                  ALLOWED",
        "okhttp/4.12.0,                               ALLOWED",
        "Java-http-client/17,                         ALLOWED",
        "node,                                        ALLOWED",
        "Mozilla/5.0,                                 NO_EVIDENCE",
        "Mozilla/4.0 (compatible; MSIE 6.0),          NO_EVIDENCE",
        "Opera/9.80 (Windows NT 6.1) Presto/2.12.388, NO_EVIDENCE",
        "curl/8.5.0|Mozilla/5.0,                      NO_EVIDENCE",
    })
    void without_any_of_them_a_browser_has_no_evidence_and_a_program_needs_none(
            String userAgent, CrossSiteDecision expected) {
        assertThat(decide("", "", "", userAgent)).isEqualTo(expected);
        assertThat(decide("unknown", "", "", userAgent)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "NO_EVIDENCE, true",
        "HIDDEN_ORIGIN, true",
        "OTHER_ORIGIN, false",
        "OTHER_SITE, false",
        "OTHER_REFERER, false"
    })
    void a_token_helps_where_the_headers_say_nothing(CrossSiteDecision decision, boolean helps) {
        assertThat(decision.isOpen()).isEqualTo(helps);
    }
}
