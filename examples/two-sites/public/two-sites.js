const people = { ada: 'Ada Byron', grace: 'Grace Hopper' };
const asked = new URLSearchParams(location.search).get('as');
const who = Object.hasOwn(people, asked ?? '') ? asked : 'ada';
const other = who === 'ada' ? 'grace' : 'ada';

document.querySelector('#who').textContent = people[who];
const link = document.querySelector('#other');
link.href = `?as=${other}`;
link.textContent = `Be ${people[other]} in another window`;
link.target = '_blank';

for (const chat of document.querySelectorAll('teatime-chat')) {
  chat.tokenProvider = async ({ signal }) => {
    const response = await fetch(`/${chat.site}/token?as=${who}`, { signal });
    return response.ok ? (await response.json()).token : null;
  };
}
