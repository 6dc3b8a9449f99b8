package dev.sojourn.spring.sample;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.WebAttributes;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.util.HtmlUtils;

/** The pages of the application, some with {@link Session} and some with {@link HttpSession}. */
@Controller
class Pages {
    private final Sessions sessions;

    Pages(Sessions sessions) {
        this.sessions = sessions;
    }

    @GetMapping("/")
    @ResponseBody
    String home(Session session, @Nullable Principal user) {
        Integer visits = session.update("visits", Integer.class, n -> n == null ? 1 : n + 1);
        return page(
                "Home",
                "<p>Visits: " + visits + "</p><p>" + (user == null ? "No user" : escape(user.getName()))
                        + " is signed in.</p><p><a href='/notes'>My notes</a></p>");
    }

    @GetMapping("/refused")
    @ResponseBody
    String loginFailed(@SessionAttribute(WebAttributes.AUTHENTICATION_EXCEPTION) AuthenticationException why) {
        return page(
                "Login failed",
                "<p>" + escape(String.valueOf(why.getMessage())) + "</p><a href='/login'>Try again</a>");
    }

    @GetMapping("/notes")
    @ResponseBody
    String notes(HttpSession session, Session current, Principal user, CsrfToken token, Model model) {
        String message =
                model.containsAttribute("message") ? "<p role='status'>" + model.getAttribute("message") + "</p>" : "";
        String list = notesOf(session).stream()
                .map(each -> "<li>" + escape(each.text()) + " (" + each.day() + ")</li>")
                .collect(Collectors.joining());
        String devices = sessions.of(user.getName()).list(current).stream()
                .map(each -> "<li>" + (each.current() ? "this browser" : "another browser " + endForm(each, token)))
                .collect(Collectors.joining());
        return page(
                "Notes of " + escape(user.getName()),
                message + "<ul id='notes'>" + list + "</ul>"
                        + form("/notes", token, "<label for='text'>Text</label> <input id='text' name='text'>", "Write")
                        + "<ul id='devices'>" + devices + "</ul>" + form("/logout", token, "", "Sign out"));
    }

    private static String endForm(UserSession other, CsrfToken token) {
        return form("/end", token, "<input type='hidden' name='publicId' value='" + other.publicId() + "'>", "End");
    }

    @PostMapping("/notes")
    String write(@RequestParam String text, HttpSession session, RedirectAttributes next) {
        List<Note> notes = notesOf(session);
        notes.add(new Note(text, LocalDate.of(2026, 11, 23)));
        session.setAttribute("notes", notes);
        next.addFlashAttribute("message", "Written.");
        return "redirect:/notes";
    }

    @SuppressWarnings("unchecked")
    private static List<Note> notesOf(HttpSession session) {
        List<Note> notes = (List<Note>) session.getAttribute("notes");
        return notes == null ? new ArrayList<>() : notes;
    }

    @PostMapping("/end")
    String end(@RequestParam String publicId, Principal user, RedirectAttributes next) {
        boolean ended = sessions.of(user.getName()).end(publicId);
        next.addFlashAttribute("message", ended ? "Ended." : "Already ended.");
        return "redirect:/notes";
    }

    private static String form(String action, CsrfToken token, String fields, String button) {
        return "<form method='post' action='" + action + "'><input type='hidden' name=\"" + token.getParameterName()
                + "\" value=\"" + token.getToken() + "\">" + fields + " <button>" + button + "</button></form>";
    }

    private static String page(String title, String body) {
        return "<!doctype html><html lang='en'><title>" + title + "</title><h1>" + title + "</h1>" + body
                + "<footer>Sojourn</footer></html>";
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscape(text);
    }
}
