package dev.sojourn.demo.pages;

import dev.sojourn.demo.journal.Entry;
import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Request;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes pages of templates, which were compiled with the demo and escape what they show. */
final class Templates {
    private final TemplateEngine engine = engine();
    private final Journal journal;
    private final String storeName;

    Templates(Journal journal, String storeName) {
        this.journal = journal;
        this.storeName = storeName;
    }

    @SuppressWarnings("NullAway") // null stands for "on the class path", which the engine's signature does not say
    private static TemplateEngine engine() {
        return TemplateEngine.createPrecompiled(
                null, ContentType.Html, Templates.class.getClassLoader(), Templates.class.getPackageName());
    }

    Answer page(Request request, String template, String title, Object view) {
        return render(200, template, frame(request, title, Notice.in(request.query())), view);
    }

    /** A form that is shown once more, with what is wrong. */
    Answer mistaken(Request request, String template, String path, String title, Object view) {
        return render(422, template, new Frame(title, path, null, recent(request), storeName, user(request)), view);
    }

    /** A failed request: its page neither uses the session nor says where it is kept. */
    Answer error(int status, Request request, String title, Object view) {
        Frame frame = new Frame(title, request.path(), null, recent(request), null, null);
        return render(status, "error", frame, view);
    }

    private Answer render(int status, String template, Frame frame, Object view) {
        StringOutput out = new StringOutput();
        engine.render(template + ".jte", Map.of("frame", frame, "view", view), out);
        return Answer.page(status, out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Frame frame(Request request, String title, @Nullable String notice) {
        return new Frame(title, request.path(), notice, recent(request), storeName, user(request));
    }

    private static @Nullable String user(Request request) {
        return request.knownUser().orElse(null);
    }

    private List<Entry> recent(Request request) {
        return request.cookie(Journal.COOKIE).map(journal::of).orElse(List.of());
    }
}
