"""The words that scripts put together: the page carries them as data, so that scripts hold no text in any language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CITE_LAW = _("%(title)s (%(version)s), Article %(article)s")
CITE_SECTION = _("%(title)s, Section %(section)s")

COMMON = {
    "seconds": _("%(s)s s"),
    "minutes": _("%(m)s min %(s)s s"),
    "comma": _(", "),
}

PASSPORT = {
    "noNickname": _("Type a nickname: 1 to 20 characters."),
    "longNickname": _("This nickname is too long: at most 20 characters."),
    "noRegion": _("Choose at least your province."),
    "noBand": _("Choose your age."),
    "noSector": _("Choose your field."),
    "regionsOffline": _("The list of places did not load. Choose again when the network is back."),
    "proofWorks": _("A moment: this phone is doing a small sum, which keeps robots out."),
    "passportWaits": _("No answer yet; it is being asked for again."),
    "copied": _("Copied."),
    "notCopied": _("It could not be copied: select the code and copy it by hand."),
    "badCode": _("This is not a whole passport code. Copy all of it, from the first character to the last."),
    "refusedCode": _("This passport was not issued here, or it has expired."),
    "offlineCode": _("There is no network to check the code with. Try again when it is back."),
}

PLAY = COMMON | {
    "question": _("Question %(n)s"),
    "chooseOne": _("Choose one."),
    "chooseAll": _("Choose all that are right."),
    "trueOrFalse": _("True or false?"),
    "answered": _("answered"),
    "notAnswered": _("not answered"),
    "flagged": _("flagged"),
    "where": _("%(day)s, until %(at)s"),
    "triesToday": _("Begun on this phone today: %(n)s of %(of)s."),
    "leave": _("Leave; your answers are kept and the time goes on"),
    "saving": _("Saving …"),
    "saved": _("Saved %(time)s"),
    "keptHere": _("Kept on this phone %(time)s"),
    "online": _("Answers arrive again."),
    "troubleOffline": _("You are offline."),
    "troubleSilent": _("The server does not answer."),
    "troubleBusy": _("Very many people are here right now."),
    "troubleFault": _("The server cannot save right now."),
    "fiveMinutes": _("Five minutes left."),
    "oneMinute": _("One minute left."),
    "timeIsUp": _("Time is up. Your paper is handed in."),
    "allAnswered": _("Every question is answered."),
    "openItems": _("Without an answer: %(n)s (questions %(items)s). They count as wrong."),
    "againHead": _("%(right)s of %(n)s are right"),
    "againText": _("These are still wrong, and yours to mend:"),
    "codeNeeded": _("Type the code of your group."),
    "runRight": _("Right. %(n)s in a row."),
    "runChoose": _("Choose an answer first."),
    "runSending": _("Sending your answer …"),
    "runHint": _("Your answer is final. The first error ends the run."),
    "runLate": _("The time is over. Your run counts as it stood."),
    "runGiveUp": _("End the run at %(n)s?"),
    "flaggedItems": _("Flagged: questions %(items)s."),
    "waitOffline": _("No network. Trying again in %(s)s s."),
    "waitSilent": _("The server does not answer. Trying again in %(s)s s."),
    "waitBusy": _("Very many people are here right now. Trying again in %(s)s s."),
    "waitFault": _("The server has a fault. Trying again in %(s)s s."),
}

RESULT = COMMON | {
    "lead": _("Your best paper is better than %(percent)s%% of all in %(place)s."),
    "leadFirst": _("You stand first in %(place)s."),
    "rank": _("Rank in %(place)s"),
    "ofPeople": _("of %(count)s, as of %(time)s"),
    "right": _("%(right)s of %(max)s right"),
    "inARow": _("%(n)s in a row"),
    "forTeam": _("You play for %(team)s."),
    "teamPlace": _("%(team)s: place %(place)s with %(average)s points on average."),
    "teamUnranked": _("%(team)s is not yet ranked: too few members have a paper."),
    "head": _("%(day)s · %(time)s"),
    "outOf": _("of %(max)s"),
    "topicSegment": _("%(topic)s: %(right)s of %(count)s"),
    "mistakesFirst": _("Your mistakes first: %(n)s."),
    "noMistakes": _("No mistake at all."),
    "nothing": _("no answer"),
    "all": _("Show all %(n)s questions"),
    "citeLaw": CITE_LAW,
    "citeSection": CITE_SECTION,
    "copied": _("Copied."),
    "notCopied": _("It could not be copied: select the text and copy it by hand."),
    "share": _("I got %(score)s of %(max)s points in “%(title)s”. How about you?"),
    "excluded": _("Your papers in this contest do not count since %(day)s, %(time)s: %(reason)s"),
    "listed": _("%(score)s of %(max)s points in %(time)s"),
}

BOARDS = COMMON | {
    "me": _("You, %(nickname)s: rank %(rank)s with %(score)s points in %(time)s."),
    "excluded": _("You, %(nickname)s, are not counted: %(reason)s"),
    "notYet": _("You, %(nickname)s, have no paper on this board yet."),
}
