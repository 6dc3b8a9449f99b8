package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A voucher that is checked and then marked as used, on a path with an exclusive session. */
class A30PathSpellingsTest {
    private static final int REQUESTS = 20;

    private final AtomicInteger paid = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/redeem",
                "/redee%6d",
                "/%72edeem",
                "/redeem;x=1",
                "/.//redeem",
                "/./redeem",
                "/x/../redeem",
                "/x/%2e%2e/redeem",
                "/redeem/",
                "/REDEEM",
                "/shop/redeem"
            })
    void a_voucher_is_paid_once_for_every_spelling_of_the_path(String spelling) throws Exception {
        try (Site site = new Site(c -> c.exclusive("/redeem"))) {
            site.serveEveryPath((session, exchange) -> redeem(session));
            String token = site.get("/").token();

            assertThat(inParallel(site, token, spelling)).allMatch(response -> response.status() == 200);

            assertThat(paid).hasValue(1);
        }
    }

    private String redeem(Session session) {
        if (!session.has("voucher")) {
            session.set("voucher", true);
            return "here it is";
        }
        if (Boolean.TRUE.equals(session.get("voucher", Boolean.class))) {
            Thread.onSpinWait();
            session.set("voucher", false);
            paid.incrementAndGet();
            return "paid";
        }
        return "used";
    }

    private static List<RawResponse> inParallel(Site site, String token, String path) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(REQUESTS);
        CyclicBarrier together = new CyclicBarrier(REQUESTS);
        try {
            List<Future<RawResponse>> futures = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                futures.add(threads.submit(() -> {
                    together.await(30, TimeUnit.SECONDS);
                    return site.send(path, Site.cookie(token));
                }));
            }
            List<RawResponse> responses = new ArrayList<>();
            for (Future<RawResponse> each : futures) {
                responses.add(each.get(60, TimeUnit.SECONDS));
            }
            return responses;
        } finally {
            threads.shutdownNow();
        }
    }
}
